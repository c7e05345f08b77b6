// Package locales holds every word that people read: ru.toml and en.toml, and the few functions that turn a
// key with its parameters into a text.
//
//	catalog, err := locales.Load()
//	t := catalog.For(member.Lang)
//	t.HTML("client.saved", "name", c.Name)   // a message: values are escaped for HTML here, and nowhere else
//	t.Label("button.save")                   // a button, a toast, a text to copy: plain
//	t.When(task.Due, now)                    // «завтра в 10:00»
//
// A key is section.event. A text names its parameters in braces: "Сохранено: {{.name}}"; nothing else
// of Go's templates is understood. Where a text counts something it has plural forms (one, few, many,
// other), chosen by the parameter "n" or "count".
//
// Decided: go-i18n chooses the plural form where a text has several. All others are looked up here: each costs 500
// bytes in its bundle. Texts are executed by a parser of ours (template.go), since text/template costs 2 µs a text where a
// concatenation costs a tenth of that.
package locales
