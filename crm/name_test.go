package crm

import (
	"errors"
	"strings"
	"testing"
)

func TestCleanName(t *testing.T) {
	tests := []struct{ in, want string }{
		{"  Иванов \t Иван\nПетрович ", "Иванов Иван Петрович"},
		{"\u202eИван\u202c", "Иван"},
		{"Ива\u200bнов\u00ad\ufeff", "Иванов"},
		{"Ив\x00ан\x1b", "Иван"},
		{"<b>Иван</b> & Ко", "<b>Иван</b> & Ко"},
		{"Анна 👩‍💻", "Анна 👩‍💻"},
		{"👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦"},
		{"👍🏽", "👍🏽"},
		{"🏳️‍🌈", "🏳️‍🌈"},
		{"🏴󠁧󠁢󠁥󠁮󠁧󠁿 Том", "🏴󠁧󠁢󠁥󠁮󠁧󠁿 Том"},
		{"А\u200dнна", "Анна"},
		{"Андреи\u0306", "Андрей"},
		{"Иван\u2800Петров", "ИванПетров"},
		{"7", "7"},
		{strings.Repeat("я", 200), strings.Repeat("я", 200)},
	}
	for _, tt := range tests {
		got, err := CleanName(tt.in)
		if err != nil || got != tt.want {
			t.Errorf("CleanName(%q) = %q, %v; want %q", tt.in, got, err, tt.want)
		}
		if again, err := CleanName(got); err != nil || again != got {
			t.Errorf("CleanName(%q) is not stable: %q, %v", tt.in, again, err)
		}
	}
	for in, field := range map[string]string{"": "name", "  ": "name", "@": "name", "...": "name", "\u200b\u202e": "name", "\u3164": "name",
		"\u2800": "name", "\u200d": "name", strings.Repeat("я", 201): "name.long"} {
		var e *Error
		if got, err := CleanName(in); !errors.As(err, &e) || !errors.Is(err, ErrInvalid) || e.Field != field {
			t.Errorf("CleanName(%q) = %q, %v; want invalid %s", in, got, err, field)
		}
	}
}
