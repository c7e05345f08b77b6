package city

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func TestFindCities(t *testing.T) {
	for typed, want := range map[string]string{
		"Москва": "Europe/Moscow Moscow", "москва ": "Europe/Moscow Moscow", "г. Казань, Россия": "Europe/Moscow Kazan",
		"масква": "Europe/Moscow Moscow", "vjcrdf": "Europe/Moscow Moscow", "мск": "Europe/Moscow Moscow", "Moscow": "Europe/Moscow Moscow",
		"питер": "Europe/Moscow Saint Petersburg", "Санкт-Питербург": "Europe/Moscow Saint Petersburg",
		"екатиринбург": "Asia/Yekaterinburg Yekaterinburg", "Екат": "Asia/Yekaterinburg Yekaterinburg", "екб": "Asia/Yekaterinburg Yekaterinburg",
		"Владивасток": "Asia/Vladivostok Vladivostok", "новосибирск": "Asia/Novosibirsk Novosibirsk", "омск": "Asia/Omsk Omsk",
		"ростов на дону": "Europe/Moscow Rostov-on-Don", "нижний новгород": "Europe/Moscow Nizhny Novgorod", "Алма-Ата": "Asia/Almaty Almaty",
		"London": "Europe/London London", "лондон": "Europe/London London", "Berln": "Europe/Berlin Berlin", "Нью-Йорк": "America/New_York New York",
		"New York": "America/New_York New York", "Дубай": "Asia/Dubai Dubai", "Тбилиси": "Asia/Tbilisi Tbilisi", "Анадырь": "Asia/Anadyr Anadyr",
		"Europe/Moscow": "Europe/Moscow Moscow", "Asia/Yekaterinburg": "Asia/Yekaterinburg Yekaterinburg", "UTC": "UTC UTC",
		"Абракадабрск": "", "": "", "ы": "", "?": "",
	} {
		got := ""
		if found, sure := Find(typed); sure {
			got = found[0].Zone + " " + found[0].Name
		} else if len(found) > 1 {
			t.Errorf("%q is in doubt: %v", typed, found)
			continue
		}
		if got != want {
			t.Errorf("%q is %q, want %q", typed, got, want)
		}
	}
}

func TestFindCities_asks_when_in_doubt(t *testing.T) {
	for _, far := range []string{"Атлантида", "Ухто", "Владивосоток на"} {
		if found, sure := Find(far); sure {
			t.Errorf("%q is %v without a question", far, found)
		}
	}
	found, sure := Find("Birmingham")
	if sure || len(found) < 2 || found[0].Zone == found[1].Zone && found[0].Name == found[1].Name {
		t.Errorf("Birmingham is %v: there are one in England and one in Alabama", found)
	}
}

// Whoever knows a zone's city by either name finds the zone, whatever the table says of others of that name.
func TestEveryZoneIsFoundByItsCity(t *testing.T) {
	zones := map[string]bool{}
	for _, c := range cities() {
		if zones[c.Zone] {
			continue
		}
		zones[c.Zone] = true
		if !IsZone(c.Zone) {
			t.Errorf("%s is no zone", c.Zone)
		}
		main := Of(c.Zone, "")
		for _, name := range []string{main.Name, main.In("ru")} {
			ok := false
			found, _ := Find(name)
			for _, f := range found {
				ok = ok || f.Zone == c.Zone || f.people > main.people
			}
			if !ok {
				t.Errorf("%s does not lead to %s", name, c.Zone)
			}
		}
	}
	if len(zones) < 350 {
		t.Errorf("only %d zones", len(zones))
	}
}

// The cities and the grid come from two sources that know nothing of each other.
func TestCityAt_agrees_with_the_cities(t *testing.T) {
	all, other := 0, 0
	for _, c := range cities() {
		if c.at == nil {
			continue
		}
		all++
		if got, _ := At(c.at.lat, c.at.lon); got.Zone != c.Zone {
			other++
		}
	}
	if other*50 > all {
		t.Errorf("%d of %d cities are in another zone by the grid", other, all)
	}
	for place, want := range map[[2]float64]string{
		{55.79, 49.12}: "Kazan", {59.93, 30.31}: "Saint Petersburg", {51.53, 46.03}: "Saratov", {64.73, 177.5}: "Anadyr", {-33.87, 151.21}: "Sydney",
	} {
		if got, _ := At(place[0], place[1]); got.Name != want {
			t.Errorf("%v is %s, want %s", place, got.Name, want)
		}
	}
	if c, ok := At(0, -30); ok {
		t.Errorf("the ocean is %v", c)
	}
}

func TestZoneAt_bears_any_place(t *testing.T) {
	for range 100_000 {
		if lat, lon := rand.Float64()*180-90, rand.Float64()*360-180; zoneAt(lat, lon) == "" {
			t.Fatalf("no zone at %v, %v", lat, lon)
		}
	}
	for _, p := range [][2]float64{{-90, -180}, {90, 0}, {0, 180}, {91, 0}, {-1e300, 5}} {
		_ = zoneAt(p[0], p[1]) // must not panic
	}
}

func TestCityOf(t *testing.T) {
	for _, c := range []struct{ zone, name, lang, want string }{
		{"Europe/Moscow", "", "ru", "Москва"}, {"Europe/Moscow", "Kazan", "ru", "Казань"}, {"Europe/Moscow", "gone", "en", "Moscow"},
		{"Etc/UTC", "", "ru", "UTC"}, {"America/New_York", "", "en", "New York"}, {"Asia/Kolkata", "", "en", "Kolkata"},
	} {
		if got := Of(c.zone, c.name).In(c.lang); got != c.want {
			t.Errorf("%s %q in %s is %q, want %q", c.zone, c.name, c.lang, got, c.want)
		}
	}
}

func FuzzFindCities(f *testing.F) {
	f.Add("Москва")
	f.Fuzz(func(t *testing.T, text string) {
		found, _ := Find(text)
		for _, c := range found {
			if !IsZone(c.Zone) || strings.TrimSpace(c.Name) == "" {
				t.Errorf("%q finds %v", text, c)
			}
		}
	})
}
