package moment

import (
	"strings"

	"kartoteka/crm/spell"
)

// dayPart is a part of the day that moves an hour of twelve to where it belongs.
type dayPart int

const (
	noPart dayPart = iota
	morningPart
	noonPart // днём
	eveningPart
	nightPart
	amPart
	pmPart
)

// hours are what an hour of 1 to 12 means in this part of the day; none if there is no such hour in it. The night's are
// before the day or after it: 24 and more belong to the next.
func (p dayPart) hours(h int) []int {
	switch {
	case p == morningPart && h < 12, p == amPart && h < 12, p == noonPart && h >= 10, p == pmPart && h == 12:
		return []int{h}
	case p == noonPart && h <= 6, p == eveningPart && h >= 4 && h < 12, p == pmPart && h < 12, p == nightPart && h >= 9 && h < 12:
		return []int{h + 12}
	case (p == nightPart || p == eveningPart || p == amPart) && h == 12:
		return []int{24, 0}
	case p == nightPart && h <= 5:
		return []int{h, h + 24}
	}
	return nil
}

// partSense is a part of the day without an hour.
type partSense struct {
	part    dayPart
	minutes []int // the hours that are meant; two are doubtful
	end     int   // the hour at which it is over
}

var (
	partMorning   = partSense{morningPart, []int{9 * 60}, 12}
	partLunch     = partSense{noonPart, []int{13 * 60}, 15}
	partBefore    = partSense{noonPart, []int{11 * 60, 12 * 60}, 13} // до обеда
	partAfternoon = partSense{noonPart, []int{14 * 60}, 18}
	partEvening   = partSense{eveningPart, []int{19 * 60}, 24}
	partNight     = partSense{nightPart, []int{23 * 60, 26 * 60}, 24}
	partEarly     = partSense{morningPart, []int{7 * 60, 8 * 60}, 12}
	partLate      = partSense{eveningPart, []int{21 * 60, 22 * 60}, 24}
)

// partWords are the words that say a part of the day by themselves; partsAfter only after other words.
var (
	partWords = byForm(map[string]partSense{
		"утром утречком": partMorning, "днем": partAfternoon, "вечером вечерком": partEvening, "ночью": partNight,
	})
	partsAfter = byForm(map[string]partSense{
		"утра утро утру morning": partMorning, "afternoon": partAfternoon, "вечера вечеру вечер evening": partEvening, "night": partNight,
		"обед обеду обеда lunch lunchtime": partLunch,
	})
	// suffixes follow an hour: «в 3 дня», "3 pm".
	suffixes = byForm(map[string]dayPart{
		"утра": morningPart, "дня": noonPart, "вечера": eveningPart, "ночи": nightPart, "am": amPart, "pm": pmPart,
	})
	// greetings and other company in which «днём» is no hour: «с днём рождения», «с добрым утром».
	partNot = spell.Set(`с со добрым добрый доброе доброго рождения строителя каждым этим перед над рабочим good`)
)

// dayPart reads «вечером», «с утра», «после обеда», "in the morning", «рано утром».
func (r *reader) dayPart(i int) (piece, int) {
	j := i
	early, late := r.is(i, "рано", "пораньше", "early"), r.is(i, "поздно", "попозже", "late")
	if early || late {
		j++
	}
	part, end, need := r.partAt(j)
	if end == 0 {
		return piece{}, 0
	}
	switch {
	case early && part.part == morningPart:
		part = partEarly
	case late && (part.part == eveningPart || part.part == nightPart):
		part = partLate
	case early || late:
		return piece{}, 0
	}
	return piece{need: need, meaning: meaning{parts: []partSense{part}}}, end
}

func (r *reader) partAt(i int) (partSense, int, condition) {
	if p, ok := partWords[r.at(i).s]; ok && !partNot[r.at(i-1).s] && !partNot[r.at(i+1).s] {
		return p, i + 1, needNothing
	}
	if p, ok := partsAfter[r.at(i).s]; ok && r.at(i).s[0] < 'z' { // tomorrow morning
		return p, i + 1, needNear
	}
	prep, j := r.preposition(i)
	p, ok := partsAfter[r.at(j).s]
	switch {
	case !ok || partNot[r.at(j+1).s]:
		return partSense{}, 0, 0
	case p.part == noonPart && (prep == "после" || prep == "after"):
		return partAfternoon, j + 1, needNothing
	case p.part == noonPart && (prep == "до" || prep == "before"):
		return partBefore, j + 1, needNothing
	case prep == "в" && p.part != noonPart, prep == "the", prep == "for", prep == "на", prep == "":
		return partSense{}, 0, 0
	}
	return p, j + 1, needNothing
}

// suffixed is an hour with what follows it: «утра», pm, "in the evening", "o'clock". A written hour beyond twelve stays as it
// is, unless the words contradict it.
func (r *reader) suffixed(hour, minute int, loose bool, need condition, i int) (piece, int) {
	part, end := r.suffix(i)
	if part == noPart {
		return clockPiece(loose, need, hour*60+minute), i
	}
	if hour > 12 {
		return clockPiece(false, need, hour*60+minute), end
	}
	var minutes []int
	for _, h := range part.hours(hour) {
		minutes = append(minutes, h*60+minute)
	}
	if len(minutes) == 0 {
		return piece{meaning: meaning{broken: true}}, end
	}
	p := clockPiece(false, needNothing, minutes...)
	p.clocks[0].part = part
	return p, end
}

// suffix reads the part of the day behind an hour; noPart and i if there is none.
func (r *reader) suffix(i int) (dayPart, int) {
	if r.is(i, "oclock") {
		i++
	}
	if p, ok := suffixes[r.at(i).s]; ok && r.at(i+1).s != "рождения" {
		return p, i + 1
	}
	if r.is(i, "a", "p") && r.glued(i+1, ".") && r.glued(i+2, "m") {
		end := i + 3
		if r.glued(end, ".") {
			end++
		}
		return suffixes[r.at(i).s+"m"], end
	}
	if r.follows(i, "in", "the") || r.follows(i, "at", "night") {
		if p, ok := partsAfter[r.at(i+2).s]; ok && r.is(i, "in") && strings.HasSuffix(r.at(i+2).s, "n") || r.is(i+2, "morning", "evening") {
			return p.part, i + 3
		}
		if r.is(i, "at") {
			return nightPart, i + 2
		}
	}
	return noPart, i
}
