package mongodb

import (
	"bytes"
	"fmt"
	"reflect"

	"go.mongodb.org/mongo-driver/v2/bson"

	"kartoteka/crm/civil"
)

// registry is the driver's own with crm.Date kept as YYYY-MM-DD.
func registry() *bson.Registry {
	r := bson.NewRegistry()
	date := reflect.TypeFor[civil.Date]()
	r.RegisterTypeEncoder(date, bson.ValueEncoderFunc(encodeDate))
	r.RegisterTypeDecoder(date, bson.ValueDecoderFunc(decodeDate))
	return r
}

// marshal encodes as the driver does with the registry.
func marshal(doc any) ([]byte, error) {
	var b bytes.Buffer
	enc := bson.NewEncoder(bson.NewDocumentWriter(&b))
	enc.SetRegistry(registry())
	err := enc.Encode(doc)
	return b.Bytes(), err
}

func encodeDate(_ bson.EncodeContext, w bson.ValueWriter, v reflect.Value) error {
	d, ok := v.Interface().(civil.Date)
	if !ok {
		return fmt.Errorf("encode %s as a date", v.Type())
	}
	return w.WriteString(d.String())
}

func decodeDate(_ bson.DecodeContext, r bson.ValueReader, v reflect.Value) error {
	if r.Type() == bson.TypeNull {
		v.SetZero()
		return r.ReadNull()
	}
	text, err := r.ReadString()
	if err != nil {
		return err
	}
	d, err := civil.ParseDate(text)
	if err != nil {
		return err
	}
	v.Set(reflect.ValueOf(d))
	return nil
}
