package sandbox

import (
	"reflect"
	"strings"
	"testing"
)

// TestHTMLErrors follows the errors of TDLib's parse_html; offsets are bytes.
func TestHTMLErrors(t *testing.T) {
	for in, want := range map[string]string{
		"я<b":                           `Unclosed start tag at byte offset 2`,
		"<h1>x</h1>":                    `Unsupported start tag "h1" at byte offset 0`,
		"a < b":                         `Unsupported start tag "" at byte offset 2`,
		"<b>x":                          `Can't find end tag corresponding to start tag "b"`,
		"<b><i>x</i>":                   `Can't find end tag corresponding to start tag "b"`,
		"<b>x</i>":                      `Unmatched end tag at byte offset 4, expected "</b>", found "</i>"`,
		"<b><i>x</b></i>":               `Unmatched end tag at byte offset 7, expected "</i>", found "</b>"`,
		"x</b>":                         `Unexpected end tag at byte offset 1`,
		"</":                            `Unexpected end tag at byte offset 0`,
		"<i>x</i  ":                     `Unclosed end tag at byte offset 4`,
		"<span>x</span>":                `Tag "span" must have class "tg-spoiler" at byte offset 0`,
		`<span class="red">x</>`:        `Tag "span" must have class "tg-spoiler" at byte offset 0`,
		`<a href="x`:                    `Unclosed start tag at byte offset 0`,
		`<a href=`:                      `Unclosed start tag "a" at byte offset 0`,
		`<a href`:                       `Unclosed start tag "a" at byte offset 0`,
		`<a href=x_y>z</a>`:             `Unexpected end of name token at byte offset 8`,
		`<a =x>z</a>`:                   `Empty attribute name in the tag "a" at byte offset 0`,
		"&#xD800;":                      `Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units`,
		`<tg-emoji>x</tg-emoji>`:        `Invalid custom emoji identifier specified`,
		`<tg-time unix="x">x</>`:        `Invalid date format used`,
		`<tg-time unix=1 format=q>x</>`: `Invalid date format used`,
		"<br>":                          `Unsupported start tag "br" at byte offset 0`,
		"<p>x</p>":                      `Unsupported start tag "p" at byte offset 0`,
	} {
		_, _, err := ParseHTML(in)
		if err == nil || err.Error() != want {
			t.Errorf("%q:\n got %v\nwant %s", in, err, want)
		}
	}
}

func TestHTML(t *testing.T) {
	e := func(typ string, offset, length int) Entity { return Entity{Type: typ, Offset: offset, Length: length} }
	link := func(offset, length int, url string) Entity {
		return Entity{Type: "text_link", Offset: offset, Length: length, URL: url}
	}
	for _, tt := range []struct {
		in, text string
		want     []Entity
	}{
		{"просто & текст > 5", "просто & текст > 5", nil},
		{"&lt;b&gt; &amp;amp; &quot;", `<b> &amp; "`, nil},
		{"&copy; &nbsp; &apos; &#39; &#x41 &", "&copy; &nbsp; &apos; ' A &", nil},
		{"<b>ж</b><strong>z</strong>", "жz", []Entity{e("bold", 0, 1), e("bold", 1, 1)}},
		{"🏟<i>🏟</i>", "🏟🏟", []Entity{e("italic", 2, 2)}},
		{"<B>x</>", "x", []Entity{e("bold", 0, 1)}},
		{"<b>x</b >", "x", []Entity{e("bold", 0, 1)}},
		{"<b></b>x", "x", nil},
		{"<b>a<i>b</i></b>", "ab", []Entity{e("bold", 0, 2), e("italic", 1, 1)}},
		{"<u>x</u><ins>x</ins>", "xx", []Entity{e("underline", 0, 1), e("underline", 1, 1)}},
		{"<s>x</s><strike>x</strike><del>x</del>", "xxx", []Entity{e("strikethrough", 0, 1), e("strikethrough", 1, 1), e("strikethrough", 2, 1)}},
		{`<tg-spoiler>x</tg-spoiler><span class="tg-spoiler">y</span>`, "xy", []Entity{e("spoiler", 0, 1), e("spoiler", 1, 1)}},
		{`<a href="https://example.com/?a=1&amp;b=2">x</a>`, "x", []Entity{link(0, 1, "https://example.com/?a=1&b=2")}},
		{`<a href='example.com'>x</a>`, "x", []Entity{link(0, 1, "http://example.com/")}},
		{`<a href="tel:+79001234567">x</a>`, "x", nil},
		{`<a href="">example.com</a>`, "example.com", []Entity{link(0, 11, "http://example.com/")}},
		{`<a href="tg://user?id=7">x</a>`, "x", []Entity{{Type: "text_mention", Length: 1, User: &User{ID: 7}}}},
		{"<pre>x</pre>", "x", []Entity{e("pre", 0, 1)}},
		{`<pre><code class="language-go">x</code></pre>`, "x", []Entity{{Type: "pre", Length: 1, Language: "go"}}},
		{`<code class="language-go">x</code>`, "x", []Entity{e("code", 0, 1)}},
		{"<b><code>x</code></b>", "x", []Entity{e("code", 0, 1)}},
		{"<code>a<b>x</b></code>", "ax", []Entity{e("code", 0, 2)}},
		{"<blockquote>x</blockquote>", "x", []Entity{e("blockquote", 0, 1)}},
		{"<blockquote expandable>x</blockquote>", "x", []Entity{e("expandable_blockquote", 0, 1)}},
		{"<blockquote>a<blockquote>x</blockquote></blockquote>", "ax", []Entity{e("blockquote", 0, 2)}},
		{`<tg-time unix="1" format="wDT">x</tg-time>`, "x", []Entity{{Type: "date_time", Length: 1, UnixTime: 1, DateTimeFormat: "wDT"}}},
		{`<tg-emoji emoji-id="5">👍</tg-emoji>`, "👍", []Entity{{Type: "custom_emoji", Length: 2, CustomEmojiID: "5"}}},
	} {
		text, got, err := ParseHTML(tt.in)
		if err != nil || text != tt.text || len(got)+len(tt.want) > 0 && !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%q:\n got %q %+v %v\nwant %q %+v", tt.in, text, got, err, tt.text, tt.want)
		}
	}
}

func TestStyleTrims(t *testing.T) {
	got, err := style(" \n a<b> b \n</b>\u202e\r ", "HTML", nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := (styled{"a b", []Entity{{Type: "bold", Offset: 1, Length: 2}}}); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v want %+v", got, want)
	}
}

func TestFoundEntities(t *testing.T) {
	for in, want := range map[string]string{
		"/add@kartoteka_bot Иван":     "bot_command:/add@kartoteka_bot",
		"см. /help, потом":            "bot_command:/help",
		"и/или 10/20":                 "",
		"пишите @ivan_petrov!":        "mention:@ivan_petrov",
		"#клиент_1 #":                 "hashtag:#клиент_1",
		"почта ivan@romashka.ru.":     "email:ivan@romashka.ru",
		"(https://example.com/x?a=1)": "url:https://example.com/x?a=1",
		"example.com и т.д.":          "url:example.com",
		"🏟 +7 900 123-45-67, Иван":    "phone_number:+7 900 123-45-67",
		"8 (916) 123-45-67":           "phone_number:8 (916) 123-45-67",
		"ИНН 770123456789":            "",
		"1+7":                         "",
		"79001234567":                 "phone_number:79001234567",
		"в 8 утра":                    "",
		"версия 1.2.3":                "",
	} {
		var got []string
		for _, e := range findEntities(in) {
			got = append(got, e.Type+":"+cut(in, e))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: got %v, want %s", in, got, want)
		}
	}
}

// cut is the text of an entity.
func cut(text string, e Entity) string {
	m := Message{Text: text, Entities: []Entity{{Type: "bold", Offset: e.Offset, Length: e.Length}}}
	_, rest, _ := strings.Cut(m.HTML(), "<b>")
	in, _, _ := strings.Cut(rest, "</b>")
	return strings.ReplaceAll(in, "&amp;", "&")
}

func TestRenderHTML(t *testing.T) {
	for in, want := range map[string]string{
		`a<b>x</b>&lt;i&gt;`: "a<b>x</b>&lt;i&gt;",
		`<b>x<i>y</i></b>z`:  "<b>x<i>y</i></b>z",
		`<b>1</b> 🏟<a href="https://e.ru/?a=1&amp;b=%22">z</a>`: `<b>1</b> 🏟<a href="https://e.ru/?a=1&amp;b=%22">z</a>`,
		"<blockquote expandable>q</blockquote>":                 `<blockquote class="expandable">q</blockquote>`,
		"<tg-spoiler>s</tg-spoiler>":                            `<span class="spoiler">s</span>`,
	} {
		got, err := style(in, "HTML", nil)
		if err != nil {
			t.Fatal(err)
		}
		if out := RenderHTML(got.text, got.entities); out != want {
			t.Errorf("%q:\n got %s\nwant %s", in, out, want)
		}
	}
}

// FuzzHTML: no input panics, offsets lie within the text, what comes out has no tags left to parse, and the
// rendering holds the same text.
func FuzzHTML(f *testing.F) {
	for _, seed := range []string{
		"", "<b>x</b>", "<a href='x.ru'>y</a>", "&lt;&#x41;&", "<pre><code class=\"language-go\">x</></>", "🏟<i>🏟</i>",
		"<blockquote expandable>x</blockquote>", "<tg-time unix=1 format=\"r\">x</>", "<b", "</", "<b>+7 900 123-45-67</b> /x@abc",
		"<b>a<code>b</code></b>", "\xff<b>\x00</b>", "<a href=\"tg://user?id=5\">x</a>",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		text, entities, err := ParseHTML(in)
		if err != nil {
			return
		}
		checkStyled(t, in, styled{text, entities})
		// Control characters are taken out before the parsing, and a tag that held one may be another without it.
		full, apiErr := style(in, "HTML", nil)
		if _, _, err := ParseHTML(cleanText(in)); (err == nil) != (apiErr == nil) {
			t.Fatalf("%q: cleaned it parses with %v, and is answered with %v", in, err, apiErr)
		}
		checkStyled(t, in, full)
		// What was parsed and written as HTML parses to the same text.
		again, _, err := ParseHTML(escape(text))
		if err != nil || again != text {
			t.Fatalf("%q: %q parses again to %q, %v", in, text, again, err)
		}
	})
}

func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

func checkStyled(t *testing.T, in string, s styled) {
	t.Helper()
	size := utf16Len(s.text)
	for _, e := range s.entities {
		if e.Type == "" || e.Offset < 0 || e.Length <= 0 || e.Offset+e.Length > size {
			t.Fatalf("%q: entity %+v in %d units of %q", in, e, size, s.text)
		}
	}
	RenderHTML(s.text, s.entities)
}
