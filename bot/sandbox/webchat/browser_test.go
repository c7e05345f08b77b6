package webchat_test

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

var (
	update = flag.Bool("update", false, "renew the picture that the README shows")
	shots  = flag.String("shots", "", "folder for a picture of each step")
)

// findBrowser skips the test where no browser is to be had; on the build machines there is one.
func findBrowser(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("no Chromium is installed")
	}
	t.Skip("no Chromium is installed (Debian: apt-get install chromium)")
	return ""
}

// startSandbox builds and starts the real thing, and returns where it is.
func startSandbox(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "kartoteka")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "kartoteka/bot").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	cmd := exec.Command(program, "sandbox")
	cmd.Env = append(os.Environ(), "SANDBOX_ADDR=127.0.0.1:0", "LANGUAGE=ru")
	cmd.Dir = t.TempDir()
	var log strings.Builder
	cmd.Stderr = &log
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt) // Wait says if it had ended before
		if err := cmd.Wait(); err != nil || strings.Contains(log.String(), "level=ERROR") {
			t.Errorf("the sandbox ended with %v\n%s", err, log.String())
		}
	})
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if _, rest, ok := strings.Cut(lines.Text(), "Open http://"); ok {
			address, _, _ := strings.Cut(rest, " ")
			return "http://" + address
		}
	}
	t.Fatalf("the sandbox never opened\n%s", log.String())
	return ""
}

// tab is a page in the browser, the size of a phone.
type tab struct {
	*testing.T
	ctx context.Context
}

func openTab(t *testing.T, path, address string) *tab {
	t.Helper()
	flags := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.UserDataDir(t.TempDir()), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("lang", "ru"),
		chromedp.Flag("force-prefers-reduced-motion", true)) // what slides away under the mouse is not clicked
	all, endAll := chromedp.NewExecAllocator(t.Context(), flags...)
	ctx, end := chromedp.NewContext(all)
	t.Cleanup(func() { end(); endAll() })
	if err := chromedp.Do(ctx); err != nil { // starts the browser, which lives as long as this context
		t.Fatalf("start the browser: %v", err)
	}
	b := &tab{T: t, ctx: ctx}
	b.run(chromedp.EmulateViewport(390, 844, chromedp.EmulateScale(2), chromedp.EmulateMobile, chromedp.EmulatePortrait))
	b.run(chromedp.Navigate(address))
	b.until("the page shows the owner", `document.title.includes('Анна')`)
	return b
}

// patience is for one step; the build machines are slow and busy.
const patience = 30 * time.Second

func (b *tab) run(action chromedp.Action[chromedp.Void]) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, action); err != nil {
		b.shot("failed")
		b.Fatalf("%v\n%s", err, b.page())
	}
}

// until waits for a JavaScript expression to hold. The page's policy forbids what chromedp.Poll does.
func (b *tab) until(what, expression string) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	for {
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`Boolean(`+expression+`)`))
		if err == nil && ok {
			return
		}
		select {
		case <-ctx.Done():
			b.shot("failed")
			b.Fatalf("waiting until %s: %v\n%s", what, err, b.page())
		case <-time.After(30 * time.Millisecond):
		}
	}
}

// page is what a person would read on it.
func (b *tab) page() string {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(b.ctx), 5*time.Second)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body.innerText`))
	if err != nil {
		return err.Error()
	}
	return text
}

func named(test string) chromedp.CSS { return chromedp.CSS(`[data-testid="` + test + `"]`) }

func (b *tab) click(test string) {
	b.Helper()
	b.run(chromedp.Click(named(test), chromedp.NodeVisible))
}

func quote(s string) string {
	b, _ := json.Marshal(s) // a string always marshals
	return string(b)
}

// words are what a JavaScript expression gives, as text.
func (b *tab) words(expression string) string {
	b.Helper()
	out, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`String(`+expression+`)`))
	if err != nil {
		b.Fatalf("%s: %v", expression, err)
	}
	return out
}

// last is an expression for the bot's last message.
const last = `[...document.querySelectorAll('[data-testid="theirs"]')].at(-1)`

// reply is an expression for the last message of all, if it is the bot's.
const reply = `[...document.querySelectorAll('article')].slice(-1).find((m) => m.dataset.testid === 'theirs')`

// says waits for the bot to have the last word, and for that to hold the words.
func (b *tab) says(words string) {
	b.Helper()
	b.until("the bot says "+words, `(`+reply+`?.innerText ?? '').includes(`+quote(words)+`)`)
}

// write types into the field, sends it and waits to see it sent.
func (b *tab) write(words string) {
	b.Helper()
	const sent = `document.querySelectorAll('[data-testid="mine"]').length`
	before := b.words(sent)
	b.run(chromedp.SendKeys(named("text"), words))
	b.click("send")
	b.until("it is sent: "+words, sent+` > `+before)
}

// key presses a button under the bot's last message.
func (b *tab) key(label string) {
	b.Helper()
	find := `[...(` + last + `?.querySelectorAll('[data-testid="key"]') ?? [])].find((k) => k.innerText.toLowerCase().includes(` + quote(strings.ToLower(label)) + `))`
	b.until("there is a button "+label, find+` !== undefined`)
	b.run(chromedp.Evaluate[chromedp.Void](find + `.click()`))
}

// shot takes a picture of the page, if they are wanted.
func (b *tab) shot(name string) {
	b.Helper()
	if *shots == "" {
		return
	}
	b.picture(filepath.Join(*shots, fmt.Sprintf("%s.png", name)))
}

func (b *tab) picture(path string) {
	b.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(b.ctx), patience)
	defer cancel()
	time.Sleep(300 * time.Millisecond) // for what still moves
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(path, png, 0o644)
	}
	if err != nil {
		b.Errorf("picture: %v", err)
	}
}
