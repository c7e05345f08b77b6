package sandbox

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"unicode/utf16"
)

//go:generate go run facts_gen.go

//go:embed facts.json
var factsJSON []byte

// facts are the part of the Bot API's description that is served here; read where something is served, which most programs never do.
var facts = sync.OnceValue(func() factTable { return loadFacts(factsJSON) })

type factTable struct {
	Version string                `json:"version"`
	Methods map[string]*typeFacts `json:"methods"`
	Types   map[string]*typeFacts `json:"types"`
}

// typeFacts are a type or the parameters of a method.
type typeFacts struct {
	Fields   map[string]*fieldFacts `json:"fields"`
	Subtypes []string               `json:"subtypes"`
	required []string               // the names of the required fields
}

// fieldFacts are one field. Min and Max bound the length of a String, in characters or bytes by Unit.
type fieldFacts struct {
	Types    []string `json:"types"`
	Required bool     `json:"required"`
	Min      int      `json:"min"`
	Max      int      `json:"max"`
	Unit     string   `json:"unit"`
}

func loadFacts(raw []byte) factTable {
	var t factTable
	if err := json.Unmarshal(raw, &t); err != nil {
		panic("sandbox: facts.json: " + err.Error())
	}
	for _, table := range []map[string]*typeFacts{t.Methods, t.Types} {
		for _, facts := range table {
			for name, f := range facts.Fields {
				if f.Required {
					facts.required = append(facts.required, name)
				}
			}
		}
	}
	return t
}

// missing words the absence of a required parameter, where Telegram does not say `parameter "x" is
// required` (Client.cpp:12370).
var missing = map[string]string{
	"chat_id":               "chat_id is empty",
	"from_chat_id":          "from_chat_id is empty",
	"sendMessage.text":      "message text is empty",
	"sendDocument.document": "there is no document in the request",
	"sendPhoto.photo":       "there is no photo in the request",
	"sendVoice.voice":       "there is no voice in the request",
	"sendVideo.video":       "there is no video in the request",
	"sendAudio.audio":       "there is no audio in the request",
	"setWebhook.url":        "", // an empty address removes the webhook
}

// tooLong words a length out of bounds, where it is not `parameter "x" is too long` (that wording is ours).
var tooLong = map[string]string{
	"answerCallbackQuery.text": "MESSAGE_TOO_LONG",
}

// byHand are the parameters whose length or shape is checked where they are used, by Telegram's own rules.
var byHand = map[string]bool{
	"text": true, "caption": true, "message_text": true, "quote": true,
	"reply_markup": true, "allowed_updates": true, "commands": true,
}

// check holds the call against the facts: required parameters, numbers, truth values, lengths and the
// shape of JSON values. Unlike Telegram it refuses numbers that are none: they are mistakes.
func (c *call) check() *apiError {
	name := c.method.name
	for _, field := range c.method.facts.required {
		if _, uploaded := c.files[field]; uploaded || c.params[field] != "" {
			continue
		}
		if err := absent(name, field); err != nil {
			return err
		}
	}
	for field, value := range c.params {
		f := c.method.facts.Fields[field]
		if f == nil || value == "" {
			continue
		}
		if err := checkParam(name, field, f, value); err != nil {
			return err
		}
	}
	return nil
}

func absent(method, field string) *apiError {
	for _, key := range [...]string{method + "." + field, field} {
		if words, ok := missing[key]; ok {
			if words == "" {
				return nil
			}
			return bad("%s", words)
		}
	}
	return bad("parameter \"%s\" is required", field)
}

func checkParam(method, field string, f *fieldFacts, value string) *apiError {
	if byHand[field] && field != "text" {
		return nil
	}
	switch f.Types[0] {
	case "String":
		if field == "text" && method != "answerCallbackQuery" {
			return nil
		}
		return checkLength(method, field, f, value)
	case "Integer", "Float":
		if len(f.Types) > 1 { // a chat by number or @name
			return nil
		}
		if _, err := strconv.ParseFloat(strings.TrimSpace(value), 64); err != nil {
			return bad("parameter \"%s\" must be of type %s", field, f.Types[0])
		}
	case "Boolean":
		switch strings.ToLower(value) {
		case "true", "false", "yes", "no", "1", "0":
		default:
			return bad("parameter \"%s\" must be of type Boolean", field)
		}
	case "InputFile":
	default:
		return checkJSON(method, field, f, value)
	}
	return nil
}

func checkLength(owner, field string, f *fieldFacts, value string) *apiError {
	if f.Max == 0 {
		return nil
	}
	n := utf16Len(value)
	if f.Unit == "bytes" {
		n = len(value)
	}
	if n >= f.Min && n <= f.Max {
		return nil
	}
	if words, ok := tooLong[owner+"."+field]; ok {
		return bad("%s", words)
	}
	if n < f.Min {
		return bad("parameter \"%s\" is too short", field)
	}
	return bad("parameter \"%s\" is too long", field)
}

// checkJSON holds a parameter that is an object or array against its type.
func checkJSON(owner, field string, f *fieldFacts, text string) *apiError {
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		return bad("can't parse %s JSON object", strings.ReplaceAll(field, "_", " "))
	}
	if value == nil {
		return nil
	}
	if problem := fits(owner, field, f, value); problem != "" {
		return bad("can't parse %s: %s", strings.ReplaceAll(field, "_", " "), problem)
	}
	return nil
}

// fits says what is wrong with a decoded value, in TDLib's words for JSON; "" if nothing is.
func fits(owner, field string, f *fieldFacts, value any) string {
	if field == "reply_markup" {
		return "" // see markup.go
	}
	problem := ""
	for _, typ := range f.Types {
		if problem = fitsType(owner, field, typ, f, value); problem == "" {
			return ""
		}
	}
	return problem
}

func fitsType(owner, field, typ string, f *fieldFacts, value any) string {
	if item, ok := strings.CutPrefix(typ, "Array of "); ok {
		list, ok := value.([]any)
		if !ok {
			return mustBe(field, "Array")
		}
		for _, v := range list {
			if problem := fitsType(owner, field, item, f, v); problem != "" {
				return problem
			}
		}
		return ""
	}
	switch typ {
	case "String", "InputFile":
		s, ok := value.(string)
		if !ok {
			return mustBe(field, "String")
		}
		if byHand[field] {
			return ""
		}
		if err := checkLength(owner, field, f, s); err != nil {
			return strings.TrimPrefix(err.description, prefixes[err.code])
		}
		return ""
	case "Integer", "Float":
		if _, ok := value.(float64); !ok && !isNumber(value) {
			return mustBe(field, "Number")
		}
		return ""
	case "Boolean":
		if _, ok := value.(bool); !ok {
			return mustBe(field, "Boolean")
		}
		return ""
	}
	return fitsObject(field, typ, value)
}

func fitsObject(field, typ string, value any) string {
	object, ok := value.(map[string]any)
	if !ok {
		return mustBe(field, "Object")
	}
	facts := facts().Types[typ]
	if facts == nil {
		return ""
	}
	if len(facts.Subtypes) > 0 {
		return fitsUnion(field, typ, facts, object)
	}
	for _, name := range facts.required {
		if _, ok := object[name]; !ok && !legacy(name, object) {
			return fmt.Sprintf("can't find field \"%s\"", name)
		}
	}
	for name, v := range object {
		f := facts.Fields[name]
		if f == nil || v == nil {
			continue
		}
		if problem := fits(typ, name, f, v); problem != "" {
			return problem
		}
	}
	return ""
}

// legacy: an inline article may hold message_text itself, as in Bot API 1.0 and in telebot's ArticleResult.Text.
func legacy(missing string, object map[string]any) bool {
	return missing == "input_message_content" && object["message_text"] != nil
}

// fitsUnion picks the subtype by "type", else the first that fits.
func fitsUnion(field, typ string, facts *typeFacts, object map[string]any) string {
	kind, _ := object["type"].(string)
	infix := ""
	if _, cached := object[kind+"_file_id"]; cached {
		infix = "Cached"
	}
	want := typ + infix + strings.ReplaceAll(kind, "_", "")
	problem := "type of " + field + " is unknown"
	for _, sub := range facts.Subtypes {
		if strings.EqualFold(sub, want) {
			return fitsObject(field, sub, object)
		}
		if kind == "" {
			if problem = fitsObject(field, sub, object); problem == "" {
				return ""
			}
		}
	}
	return problem
}

// isNumber says whether a value is a number in quotes: TDLib's JSON reader takes those.
func isNumber(v any) bool {
	s, ok := v.(string)
	if !ok {
		return false
	}
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}

func mustBe(field, typ string) string {
	return fmt.Sprintf("field \"%s\" must be of type %s", field, typ)
}

// utf16Len is the length as Telegram counts entities.
func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}
