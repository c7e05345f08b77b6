package talk

import "kartoteka/handlers/chat"

// Span is the part of a list that one message shows: the entries From to To, To not among them.
type Span struct{ Page, From, To, all int }

// SpanOf is what a page, the first is 0, shows of so many entries; behind the last it is the last.
func SpanOf(page, size, all int) Span {
	page = min(max(page, 0), max(all-1, 0)/size)
	return Span{page, page * size, min(all, (page+1)*size), all}
}

// Turns is the row of buttons that turn the pages, each made by at; no row if there is but one page.
func (s Span) Turns(t *Turn, at func(label string, page int) chat.Button) [][]chat.Button {
	var row []chat.Button
	if s.Page > 0 {
		row = append(row, at(t.T.Label("page.prev"), s.Page-1))
	}
	if s.To < s.all {
		row = append(row, at(t.T.Label("page.next"), s.Page+1))
	}
	return Rows(2, row...)
}
