package crm

// What the tests on a real engine, in package crm_test, need of the inside.
var (
	Search     = search
	SearchPage = searchPage
)

// Index fills what a card is found by, as each write does.
func (c *Client) Index(fields []CustomField) { c.index(fields) }
