package crm

import (
	"slices"
	"strconv"
	"strings"
)

// Run is a set of row numbers in rising order: "3,7-12".
type Run string

// Add puts a number in. That is cheap for one that is greater than all others.
func (r Run) Add(n int) Run {
	head, last := "", string(r)
	if i := strings.LastIndexByte(last, ','); i >= 0 {
		head, last = last[:i+1], last[i+1:]
	}
	from, to, isRange := strings.Cut(last, "-")
	if !isRange {
		to = from
	}
	end, _ := strconv.Atoi(to)
	switch {
	case r == "":
		return Run(strconv.Itoa(n))
	case n <= end:
		return r.insert(n)
	case n == end+1:
		return Run(head + from + "-" + strconv.Itoa(n))
	}
	return r + Run(","+strconv.Itoa(n))
}

// Spans are the first and the last number of each part.
func (r Run) Spans() [][2]int {
	var spans [][2]int
	for part := range strings.SplitSeq(string(r), ",") {
		from, to, isRange := strings.Cut(part, "-")
		a, err := strconv.Atoi(from)
		if err != nil {
			continue
		}
		b := a
		if isRange {
			b, _ = strconv.Atoi(to)
		}
		spans = append(spans, [2]int{a, b})
	}
	return spans
}

// Len counts the numbers.
func (r Run) Len() int {
	n := 0
	for _, s := range r.Spans() {
		n += s[1] - s[0] + 1
	}
	return n
}

// Has reports whether a number is in the run.
func (r Run) Has(n int) bool {
	for _, s := range r.Spans() {
		if n >= s[0] && n <= s[1] {
			return true
		}
	}
	return false
}

// First is the least number, 0 if there is none.
func (r Run) First() int {
	for _, s := range r.Spans() {
		return s[0]
	}
	return 0
}

// Without is the run less a number.
func (r Run) Without(n int) Run {
	var spans [][2]int
	for _, s := range r.Spans() {
		if n < s[0] || n > s[1] {
			spans = append(spans, s)
			continue
		}
		spans = append(spans, [2]int{s[0], n - 1}, [2]int{n + 1, s[1]})
	}
	return runOf(spans)
}

// insert puts a number where it belongs.
func (r Run) insert(n int) Run {
	if r.Has(n) {
		return r
	}
	spans := append(r.Spans(), [2]int{n, n})
	slices.SortFunc(spans, func(a, b [2]int) int { return a[0] - b[0] })
	return runOf(spans)
}

// runOf joins spans in rising order; those that end before they begin are none.
func runOf(spans [][2]int) Run {
	var out Run
	last := [2]int{0, -1}
	put := func() {
		if last[0] > last[1] {
			return
		}
		if out != "" {
			out += ","
		}
		out += Run(strconv.Itoa(last[0]))
		if last[1] > last[0] {
			out += Run("-" + strconv.Itoa(last[1]))
		}
	}
	for _, s := range spans {
		switch {
		case s[0] > s[1]:
		case last[0] <= last[1] && s[0] == last[1]+1:
			last[1] = s[1]
		default:
			put()
			last = s
		}
	}
	put()
	return out
}
