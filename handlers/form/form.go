// Package form is how a form works: a list of steps, each asking one question and judging one answer, advanced by a
// pure function. It knows neither messenger nor store nor clock; what a step needs of them (the team's
// region, today's date) is given to it when the form is made.
package form

import (
	"kartoteka/crm"
	"kartoteka/handlers/chat"
)

// Form is a list of questions with a summary at the end. The zero Step of a dialog is the first step.
type Form struct {
	Name  string // in Dialog.Form
	Steps []Step
}

// Step is one question.
type Step struct {
	Name     string // in Dialog.Step
	Question string // key of the text
	Optional bool   // can be skipped
	Choices  []Choice
	// Skip reports that the step need not be asked, given what is known. May be nil.
	Skip func(d crm.Dialog) bool
	// Judge puts an acceptable answer into the dialog, or says what is wrong with it.
	Judge func(d *crm.Dialog, a Answer) error
}

// Choice is an answer that can be given by a button.
type Choice struct {
	Value string // without | and control characters, short
	Label string // as shown; not a key
}

// Answer is what came back for a question: a text, a choice or a contact.
type Answer struct {
	Text    string
	Choice  string
	Contact *chat.Contact
}

// Move is what a member did to a form.
type Move int

const (
	Answered Move = iota
	Skipped
	Back
	Cancel
)

// Outcome is where the form stands after a move.
type Outcome int

const (
	Asking    Outcome = iota // the dialog's step is to be shown
	Refused                  // the answer was not acceptable; the same step
	Finished                 // all is asked: show the summary
	Cancelled                // the member gave up
	Ignored                  // the move means nothing at this step
)

// Summary is the step after the last.
const Summary = "summary"

// Advance makes a move. The dialog it returns is the one to store; the error, a *crm.Error, says why an answer was
// refused.
func (f Form) Advance(d crm.Dialog, m Move, a Answer) (crm.Dialog, Outcome, error) {
	at := f.index(d.Step)
	switch m {
	case Cancel:
		return d, Cancelled, nil
	case Back:
		return f.back(d, at)
	case Skipped:
		if at == len(f.Steps) || !f.Steps[at].Optional {
			return d, Ignored, nil
		}
	case Answered:
		if at == len(f.Steps) {
			return d, Ignored, nil
		}
		if a.Choice != "" && !f.Steps[at].offers(a.Choice) {
			return d, Ignored, nil
		}
		if err := f.Steps[at].Judge(&d, a); err != nil {
			return d, Refused, err
		}
	}
	return f.onward(d, at+1)
}

// Begin finds the first step that needs asking.
func (f Form) Begin(d crm.Dialog) (crm.Dialog, Outcome) {
	d.Form = f.Name
	d, out, _ := f.onward(d, 0)
	return d, out
}

func (f Form) onward(d crm.Dialog, at int) (crm.Dialog, Outcome, error) {
	for ; at < len(f.Steps); at++ {
		if s := f.Steps[at]; s.Skip == nil || !s.Skip(d) {
			d.Step = s.Name
			return d, Asking, nil
		}
	}
	d.Step = Summary
	return d, Finished, nil
}

// back goes to the step before, past those that need no asking; from the first one it stays.
func (f Form) back(d crm.Dialog, at int) (crm.Dialog, Outcome, error) {
	for at--; at >= 0; at-- {
		if s := f.Steps[at]; s.Skip == nil || !s.Skip(d) {
			d.Step = s.Name
			return d, Asking, nil
		}
	}
	return d, Ignored, nil
}

// At is the step that the dialog stands at; ok is false at the summary.
func (f Form) At(d crm.Dialog) (s Step, ok bool) {
	i := f.index(d.Step)
	if i == len(f.Steps) {
		return Step{}, false
	}
	return f.Steps[i], true
}

// First reports whether there is no step to go back to.
func (f Form) First(d crm.Dialog) bool {
	_, out, _ := f.back(d, f.index(d.Step))
	return out == Ignored
}

func (f Form) index(step string) int {
	for i, s := range f.Steps {
		if s.Name == step {
			return i
		}
	}
	if step == "" {
		return 0
	}
	return len(f.Steps)
}

func (s Step) offers(choice string) bool {
	for _, c := range s.Choices {
		if c.Value == choice {
			return true
		}
	}
	return false
}
