package city

import (
	_ "embed" // the grid
	"strings"
	"sync"
)

// zoneGridTable is the world as a tree of squares, from the library tz-lookup (CC0; its borders are of the
// timezone-boundary-builder, © OpenStreetMap contributors, ODbL): 72 kB, some kilometres off along borders. The first line
// is the tree, the others are the zones that its leaves name.
//
//go:embed zone_grid.txt
var zoneGridTable string

type zoneGrid struct {
	tree  string
	zones []string
}

var theZoneGrid = sync.OnceValue(func() zoneGrid {
	tree, zones, _ := strings.Cut(strings.TrimSpace(zoneGridTable), "\n")
	return zoneGrid{tree, strings.Split(zones, "\n")}
})

// The grid's numbers: a cell of the tree is two characters that make a number below cellNumbers, the highest ones the zones.
const (
	gridWide, gridHigh = 48, 24 // squares of 7.5 degrees at the top
	cellDigit          = 56
	cellNumbers        = cellDigit * cellDigit
	cellZero           = '#'
)

// zoneAt is the IANA zone of a place; "" if there is no such place.
func zoneAt(lat, lon float64) string {
	if !(lat >= -90 && lat < 90 && lon >= -180 && lon < 180) {
		return ""
	}
	g := theZoneGrid()
	x, y := gridWide*(lon+180)/360, gridHigh*(90-lat)/180
	column, row := int(x), min(int(y), gridHigh-1)
	level := gridWide * gridHigh * 2 // where in the tree the cells under the top begin
	n := g.cell(2 * (gridWide*row + column))
	for at := -1; n+len(g.zones) < cellNumbers; {
		at += n + 1 // each number is how many cells further the four quarters stand
		x, y = 2*(x-float64(column)), 2*(y-float64(row))
		column, row = min(int(x), 1), min(int(y), 1)
		n = g.cell(level + 8*at + 4*row + 2*column)
	}
	return g.zones[n+len(g.zones)-cellNumbers]
}

// cell is the number that stands at a place of the tree.
func (g zoneGrid) cell(at int) int {
	return cellDigit*(int(g.tree[at])-cellZero) + int(g.tree[at+1]) - cellZero
}
