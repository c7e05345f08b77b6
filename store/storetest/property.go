package storetest

import "testing"

func testQueries(t *testing.T, h harness) {}
func testModel(t *testing.T, h harness)   {}
