package demo

import "kartoteka/crm"

// areas are North American area codes; in each the numbers 555-0100 to 555-0199 are kept for films and books.
var areas = []string{"212", "213", "312", "415", "202", "206", "303", "305", "404", "512", "602", "617", "702", "713", "718", "801",
	"808", "818", "902", "905", "907", "916", "919", "951"}

var foreign = words{
	men: []string{"James", "John", "Robert", "Michael", "David", "William", "Thomas", "Daniel", "Matthew", "Mark", "Paul", "Steven",
		"Andrew", "Kevin", "Brian", "George", "Edward", "Peter", "Samuel", "Oliver", "Jack", "Harry", "Leo", "Oscar", "Arthur",
		"Henry", "Theo", "Felix", "Hugo", "Max", "Ethan", "Lucas", "Noah", "Liam", "Owen"},
	women: []string{"Mary", "Patricia", "Jennifer", "Linda", "Elizabeth", "Susan", "Sarah", "Karen", "Emily", "Olivia", "Amelia", "Ava",
		"Sophie", "Grace", "Emma", "Lucy", "Alice", "Ella", "Chloe", "Ruby", "Daisy", "Ivy", "Nora", "Hazel", "Stella", "Violet",
		"Clara", "Julia", "Laura", "Martha", "Rachel", "Rose", "Helen", "Irene", "Zoe"},
	surnames: []string{"Smith", "Jones", "Taylor", "Brown", "Williams", "Wilson", "Johnson", "Davies", "Patel", "Wright", "Walker",
		"White", "Edwards", "Green", "Hall", "Thomas", "Clarke", "Jackson", "Wood", "Harris", "Martin", "Cooper", "King", "Lee",
		"Baker", "Morgan", "Allen", "Scott", "Watson", "Parker", "Bennett", "Young", "Murphy", "Kelly", "O'Brien", "Garcia",
		"Müller", "Novak", "Rossi", "Nguyen", "Kowalski", "Andersson"},
	stems: []string{"Ash", "Beck", "Birch", "Black", "Brad", "Brook", "Bur", "Cald", "Clay", "Cold", "Cran", "Dal", "Elm", "Fair", "Farn",
		"Glen", "Graf", "Green", "Hamp", "Hart", "Hazel", "High", "Hol", "Kings", "Lang", "Lin", "Long", "Mar", "Mil", "Nor", "Oak",
		"Pem", "Rad", "Red", "Rock", "Sea", "Shel", "Stan", "Sud", "Thorn", "Under", "Wat", "West", "White", "Win", "Wood", "Wyn"},
	endings: []string{"ford", "ley", "ton", "well", "wood", "ham", "by", "field", "worth", "man", "bury", "more", "croft", "gate", "stead",
		"bourne", "dale", "wick", "bridge", "shaw", "mere", "combe"},
	cities: []string{"London", "New York", "Berlin", "Manchester", "Dublin", "Chicago", "Boston", "Toronto", "Amsterdam", "Warsaw",
		"Prague", "Tbilisi", "Belgrade", "Dubai", "Limassol", "Vilnius"},
	streets:  []string{"Station Road", "Church Lane", "Mill Street", "Park Avenue", "Harbour Road", "Main Street", "Market Square", "Orchard Way"},
	address:  "%s %d",
	firms:    []string{"Acme", "Northwind", "Globex", "Initech", "Bluebird", "Evergreen", "Summit", "Pioneer", "Cobalt", "Lighthouse", "Redwood", "Harbour", "Compass", "Beacon", "Juniper", "Falcon", "Maple", "Granite", "Crescent", "Anchor"},
	branches: []string{"Coffee", "Trade", "Foods", "Design", "Logistics", "Media", "Textiles", "Tools", "Labs", "Supplies"},
	forms:    []string{"%s Ltd", "%s Inc", "%s GmbH", "%s LLC", "%s & Co"},
	trader:   "%s Consulting",
	positions: []string{"buyer", "director", "office manager", "owner", "accountant", "head of procurement", "engineer", "designer",
		"project manager", "founder", "assistant"},
	sources:   []string{"referral", "website", "trade fair", "forwarded from Telegram", "phone call", "LinkedIn", "partner", "newsletter"},
	tags:      []string{"wholesale", "retail", "coffee machines", "repair", "delivery", "regular", "urgent", "contract", "export", "discount"},
	interests: []string{"coffee", "travel", "football", "cycling", "dogs", "books", "sailing", "music", "cooking", "chess", "gardening"},
	reasons:   []string{"closed the office", "went with another supplier", "does not pay invoices", "moved away", "no answer for a year"},
	notes: []string{"prefers to be called before noon", "no messages at weekends, please", "takes coffee without sugar", "budget is signed by the director",
		"pays by invoice only", "deliver to the back gate", "compares us with two others", "wants 14 days to pay", "away until Monday",
		"likes voice messages", "looks for a supplier for the whole year", "discount promised from 50 pieces"},
	tasks: tasks{morning: "Call back about the winter prices", later: "Send the quote", overdue: "Send the contract for signature",
		weekly: "Ask for the week's order"},
	said: map[crm.Outcome][]string{
		crm.OutcomeAgreed:     {"agreed on a trial order", "confirmed the December order", "contract signed", "takes two machines on lease", "meeting in their office"},
		crm.OutcomeBought:     {"coffee machine, $1,250", "filters and cleaner for $89.50", "20 kg of beans, €410", "a year of service, $600"},
		crm.OutcomeThinking:   {"asked for the winter price list", "decides by Friday", "has to ask the partner", "compares terms", "after the holidays"},
		crm.OutcomeNotReached: {"no answer", "line busy, try in the evening", "voicemail"},
		crm.OutcomeOffer:      {"quote sent by e-mail", "price list and catalogue sent", "offer with three options"},
		crm.OutcomeRefused:    {"too expensive", "bought elsewhere", "not now", "no budget until spring"},
	},
}
