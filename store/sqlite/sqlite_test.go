package sqlite

import (
	"path/filepath"
	"testing"

	"kartoteka/crm"
	"kartoteka/store/storetest"
)

func TestContract(t *testing.T) {
	storetest.Run(t, openTemp, storetest.Capabilities{Concurrent: true})
}

func openTemp(t testing.TB) crm.Store {
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "new folder", "test ?#%.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}
