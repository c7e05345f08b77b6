package mongodb

import (
	"testing"

	"kartoteka/crm"
	"kartoteka/store/storetest"
)

func TestContract(t *testing.T) {
	storetest.Run(t, func(t testing.TB) crm.Store { return openTemp(t) },
		storetest.Capabilities{Concurrent: isMongoDB(), Slow: !isMongoDB()})
}
