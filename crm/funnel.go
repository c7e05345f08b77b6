package crm

import (
	"context"
	"fmt"
)

// Funnel is how many clients stand where, as far as whoever asked may count them: figures and nobody's name.
type Funnel struct {
	Total  int
	Stages []StageCount // in the order of Stages, the archive last
	VIP    int
	New    int // of the last funnelDays days
	Won    int // percent of those not in the archive that are at StageClient
}

// StageCount is one stage of it.
type StageCount struct {
	Stage Stage
	N     int
}

// funnelDays is how many days back a client counts as new.
const funnelDays = 30

// Funnel counts the clients of each stage that by may count.
func (d *Desk) Funnel(ctx context.Context, by Actor) (Funnel, error) {
	_, base, err := d.within(ctx, by, ActionCountClients, ClientQuery{})
	if err != nil {
		return Funnel{}, err
	}
	var f Funnel
	count := func(narrow func(*ClientQuery)) (n int) {
		if err == nil {
			q := base
			narrow(&q)
			n, err = d.store.CountClients(ctx, q, MostCounted)
		}
		return n
	}
	live, clients := 0, 0
	for _, s := range Stages {
		n := count(func(q *ClientQuery) { q.Stages = []Stage{s} })
		f.Stages, f.Total = append(f.Stages, StageCount{s, n}), f.Total+n
		if s != StageArchive {
			live += n
		}
		if s == StageClient {
			clients = n
		}
	}
	f.VIP = count(func(q *ClientQuery) { q.Statuses = []Status{StatusVIP} })
	f.New = count(func(q *ClientQuery) { q.CreatedFrom = d.now().AddDate(0, 0, -funnelDays) })
	if err != nil {
		return Funnel{}, fmt.Errorf("count the funnel: %w", err)
	}
	if live > 0 {
		f.Won = clients * 100 / live
	}
	return f, nil
}
