package team

import (
	"bytes"
	"image/color"
	"image/png"
	"testing"
)

// TestQRCodeHasAQuietZone: a reader finds no code that begins at the edge of its picture, least of all in a dark chat.
func TestQRCodeHasAQuietZone(t *testing.T) {
	raw, err := qrCode("otpauth://totp/Kartoteka:owner?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Kartoteka")
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	black := func(x, y int) bool { return color.GrayModel.Convert(picture.At(x, y)).(color.Gray).Y < 128 }
	side := picture.Bounds().Dx()
	edge := 0
	for !black(edge, edge) { // the corner of the finder, seven modules wide
		edge++
	}
	module := 0
	for black(edge+module, edge) {
		module++
	}
	module /= 7
	if edge != 4*module || side > 400 {
		t.Errorf("%d pixels of white, %d a module, %d in all", edge, module, side)
	}
}
