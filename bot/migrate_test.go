package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// A base that is copied is there twice, and a bot works on either.
func TestMigrate(t *testing.T) {
	r := start(t, nil)
	r.handled(r.anna.Say("/start"))
	r.handled(r.anna.Say("/add Иванов Пётр, +79161234567"))
	r.handled(r.press("Сохранить"))
	r.end()
	r.stopped()
	elsewhere := t.TempDir()
	from, to := "sqlite:"+filepath.Join(r.dir, "kartoteka.db"), "sqlite:"+filepath.Join(elsewhere, "kartoteka.db")
	code, out, errs := called(t, nil, "migrate", "--from", from, "--to", to)
	if code != exitFine || !strings.Contains(out, "100%") || !strings.Contains(out, "Copied all of it, and counted: 1 client card") {
		t.Fatalf("exit code %d, said %q and %q", code, out, errs)
	}
	for _, dir := range []string{r.dir, elsewhere} {
		again := start(t, map[string]string{"DATA_DIR": dir})
		again.handled(again.anna.Say("4567"))
		if card := again.anna.Last().Text; !strings.Contains(card, "Иванов Пётр") {
			t.Errorf("the search finds %q\n%s", card, again.log)
		}
		again.end()
		again.stopped()
	}

	t.Run("a bot works on it", func(t *testing.T) {
		busy := start(t, map[string]string{"DATA_DIR": r.dir})
		busy.handled(busy.anna.Say("/start"))
		code, _, errs := called(t, nil, "migrate", "--from", from, "--to", "sqlite:"+filepath.Join(t.TempDir(), "new.db"))
		if code != exitConfig || !strings.Contains(errs, "--from: is in use by a bot") {
			t.Errorf("exit code %d, said %q", code, errs)
		}
		busy.end()
		busy.stopped()
	})

	none := "sqlite:" + filepath.Join(t.TempDir(), "none.db")
	for name, try := range map[string]struct {
		args []string
		says string
	}{
		"no target":     {[]string{"--from", from}, "--to"},
		"no source":     {[]string{"--from", none, "--to", to}, "--from: there is no base"},
		"not empty":     {[]string{"--from", from, "--to", to}, "--to: has a base already"},
		"onto itself":   {[]string{"--from", from, "--to", from}, "--to: has a base already"},
		"no such store": {[]string{"--from", from, "--to", "postgres://u:secret@h/b"}, "--to: must be"},
		"no address":    {[]string{"--from", "mongodb://u:secret@", "--to", none}, "--from: is not an address"},
	} {
		t.Run(name, func(t *testing.T) {
			code, _, errs := called(t, nil, append([]string{"migrate"}, try.args...)...)
			if code != exitConfig || strings.Count(errs, "\n") != 1 || !strings.Contains(errs, try.says) || strings.Contains(errs, "secret") {
				t.Errorf("exit code %d, said %q, want %q", code, errs, try.says)
			}
		})
	}
}
