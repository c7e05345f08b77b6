package record

import "testing"

func TestHarmless(t *testing.T) {
	for cell, want := range map[string]string{"": "", "Иванов": "Иванов", "=1+1": "'=1+1", "+7 900": "'+7 900", "-5": "'-5", "@SUM(A1)": "'@SUM(A1)", "a=b": "a=b", "\t=1": "'\t=1"} {
		if got := harmless(cell); got != want {
			t.Errorf("harmless(%q) = %q, want %q", cell, got, want)
		}
	}
}
