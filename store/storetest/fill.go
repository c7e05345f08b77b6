package storetest

import (
	"fmt"
	"reflect"
	"time"

	"kartoteka/crm/civil"
)

// filled is a T in which every field, at every depth, is set to a value of its own: a field that is added to
// the domain is covered at once.
func filled[T any](seed int) T {
	var v T
	f := filler{seed}
	f.fill(reflect.ValueOf(&v).Elem(), reflect.TypeFor[T]().Name())
	return v
}

type filler struct{ n int }

func (f *filler) fill(v reflect.Value, path string) {
	f.n++
	switch x := v.Addr().Interface().(type) {
	case *time.Time:
		*x = time.Date(2020, 1, 1, 0, 0, 0, int(time.Millisecond)*(f.n%1000), time.UTC).Add(time.Duration(f.n) * time.Hour)
		return
	case *civil.Date:
		*x = civil.DateOf(time.Date(1980, 1, 1+f.n, 0, 0, 0, 0, time.UTC))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("Ёжик <%d>", f.n))
	case reflect.Int, reflect.Int64:
		v.SetInt(1<<40 + int64(f.n))
	case reflect.Uint8:
		v.SetUint(uint64(f.n%255 + 1))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Struct:
		for i := range v.NumField() {
			f.fill(v.Field(i), path+"."+v.Type().Field(i).Name)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			f.fill(v.Index(i), path)
		}
	case reflect.Map:
		f.fillMap(v, path)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem(), path)
	default:
		panic("storetest: no value for " + path)
	}
}

func (f *filler) fillMap(v reflect.Value, path string) {
	v.Set(reflect.MakeMap(v.Type()))
	for range 2 {
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		f.n++
		key.SetString(fmt.Sprintf("key-%d", f.n))
		f.fill(value, path)
		v.SetMapIndex(key, value)
	}
}
