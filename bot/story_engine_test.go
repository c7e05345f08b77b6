package main

import "testing"

// storyEngine is a store on which the stories are played.
type storyEngine struct {
	name    string
	address func(t *testing.T) string // of a fresh MongoDB base; "": SQLite in a folder of the story's own
}

func storyEngines(t *testing.T) []storyEngine {
	t.Helper()
	return []storyEngine{{"sqlite", func(*testing.T) string { return "" }}}
}
