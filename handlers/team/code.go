package team

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/draw"
	"image/png"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

func registerCode(r *talk.Router) { r.Press(talk.VerbOwnCode, ownCode) }

// ownCode shows whether the member has one-time codes, begins them or ends them.
func ownCode(ctx context.Context, t *talk.Turn, d talk.Data) error {
	switch d.Arg {
	case "on":
		return beginCode(ctx, t)
	case "off":
		if err := t.Desk.DropCode(ctx, t.By); err != nil {
			return err
		}
	}
	lock, err := t.Desk.CodeOf(ctx, t.By)
	if err != nil {
		return err
	}
	key, label, arg := "code.off", "code.begin", "on"
	if lock.On() {
		key, label, arg = "code.on", "code.end", "off"
	}
	_, err = t.Show(ctx, chat.Screen{Text: t.T.HTML("code.title") + "\n" + t.T.HTML(key), Buttons: [][]chat.Button{
		{talk.Button(t.T.Label(label), talk.VerbOwnCode, "", arg)}, {talk.Button(t.T.Label("button.back"), talk.VerbSettings, "", "")},
	}})
	return err
}

// beginCode shows the secret of new codes: as a picture for the program on another device, to be copied for one on this phone.
func beginCode(ctx context.Context, t *talk.Turn) error {
	secret, err := t.Desk.BeginCode(ctx, t.By)
	if err != nil {
		return err
	}
	picture, err := qrCode(crm.CodeAddress(secret, t.Bot))
	if err != nil {
		return err
	}
	return t.AwaitCode(ctx, chat.Screen{Text: t.T.HTML("code.scan", "secret", secret), Photo: picture, Protected: true,
		Buttons: [][]chat.Button{{{Text: t.T.Label("code.copy"), Copy: secret}}}}, talk.Data{Verb: talk.VerbOwnCode})
}

const (
	qrPixels = 400 // the side of the picture at the most: large enough for a camera, small enough to be sent at once
	qrQuiet  = 4   // modules of white around the code, without which a reader may not find it (ISO/IEC 18004)
)

func qrCode(text string) ([]byte, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return nil, fmt.Errorf("draw a code: %w", err)
	}
	modules := code.Bounds().Dx()
	module := qrPixels / (modules + 2*qrQuiet)
	side := module * modules
	if code, err = barcode.Scale(code, side, side); err != nil {
		return nil, fmt.Errorf("draw a code: %w", err)
	}
	picture := image.NewGray(image.Rect(0, 0, side+2*qrQuiet*module, side+2*qrQuiet*module))
	draw.Draw(picture, picture.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(picture, code.Bounds().Add(image.Pt(qrQuiet*module, qrQuiet*module)), code, image.Point{}, draw.Src)
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		return nil, fmt.Errorf("draw a code: %w", err)
	}
	return b.Bytes(), nil
}
