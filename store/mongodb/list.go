package mongodb

import (
	"context"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"kartoteka/crm"
)

// nameKey sorts by name, then by id; names hold no character before the one between them.
func nameKey(name string, id crm.ClientID) string { return name + "\x01" + string(id) }

// timeKey sorts by time, the newest first and no time at all last, then by id: the milliseconds, counted
// backwards, as 16 hexadecimal digits. later moves the time by so many milliseconds towards the older ones.
func timeKey(t time.Time, later int64, id crm.ClientID) string {
	backwards := later - t.UnixMilli()
	return fmt.Sprintf("%016x%s", uint64(backwards)^1<<63, id)
}

// nextKey sorts by time, the earliest first and no time at all before it, then by id.
func nextKey(t time.Time, id crm.ClientID) string {
	return fmt.Sprintf("%016x%s", uint64(t.UnixMilli())^1<<63, id)
}

// worthKey sorts by worth, then by id.
func worthKey(worth int64, id crm.ClientID) string {
	return fmt.Sprintf("%016x%s", uint64(worth)^1<<63, id)
}

// roundUp is a bound in whole milliseconds: what is kept in those is before it if it is before the time.
func roundUp(t time.Time) time.Time { return t.Add(time.Millisecond - 1).Truncate(time.Millisecond) }

// sortField is the field that has the order, and its value for the card to page on after, if there is one.
func sortField(q crm.ClientQuery) (field, after string) {
	var mark crm.ClientMark
	if q.After != nil {
		mark = *q.After
	}
	switch q.Sort {
	case crm.SortByName:
		return "by_name", nameKey(mark.Name, mark.ID)
	case crm.SortByTouch:
		return "by_touch", timeKey(mark.Time, 0, mark.ID)
	case crm.SortByNext:
		return "by_next", nextKey(mark.Time, mark.ID)
	case crm.SortByWorth:
		return "by_worth", worthKey(mark.Worth, mark.ID)
	default:
		return "by_newest", timeKey(mark.Time, 0, mark.ID)
	}
}

// clientFilter compiles the query's filters; those of equality come first, as in the indexes.
func clientFilter(q crm.ClientQuery) bson.D {
	filter := bson.D{is("team", q.Team), is("live", q.Bin != crm.BinInside)}
	if q.Bin == crm.BinInside {
		filter = append(filter, notMerged)
	}
	if q.Owner != "" {
		filter = append(filter, is("owner", q.Owner))
	}
	var every bson.A // of one key each: a filter has no key twice
	if len(q.Among) > 0 {
		every = append(every, bson.D{is("owner", op("$in", q.Among))})
	}
	if len(q.Stages) > 0 {
		filter = append(filter, is("stage", op("$in", q.Stages)))
	}
	if len(q.Statuses) > 0 {
		filter = append(filter, is("status", op("$in", q.Statuses)))
	}
	if len(q.Tags) > 0 {
		filter = append(filter, is("tag_keys", op("$all", q.Tags)))
	}
	if carried, own := crm.SplitGaps(q.Lacks); len(own) > 0 {
		every = append(every, bson.D{is("$or", lacking(carried, own))})
	} else if len(carried) > 0 {
		filter = append(filter, is("gaps", op("$in", carried)))
	}
	if !q.TouchedBefore.IsZero() {
		filter = append(filter, is("by_touch", op("$gte", timeKey(roundUp(q.TouchedBefore), 1, ""))))
	}
	if len(q.Dates) > 0 {
		filter = append(filter, is("date_keys", op("$in", q.Dates)))
	}
	if next := nextRange(q); len(next) > 0 {
		filter = append(filter, is("by_next", next))
	}
	if created := createdRange(q); len(created) > 0 {
		filter = append(filter, is("by_newest", created))
	}
	if len(q.Neglected) > 0 {
		filter = append(filter, is("$or", neglected(q.Neglected)))
	}
	if len(every) > 0 {
		filter = append(filter, is("$and", every))
	}
	return filter
}

// lacking are the gaps that a card has any of. Those of own fields are seen from their values.
func lacking(carried, own []crm.GapKey) bson.A {
	var any bson.A
	if len(carried) > 0 {
		any = append(any, bson.D{is("gaps", op("$in", carried))})
	}
	for _, key := range own {
		kind, id, _ := key.Own()
		any = append(any, bson.D{is("stage", op("$nin", bson.A{crm.StageArchive})), ofKind(kind), is("custom."+string(id), nil),
			is("sealed."+string(id), nil)})
	}
	return any
}

// ofKind is true of the cards of a kind; what says none is a person.
func ofKind(kind crm.Kind) bson.E {
	if kind != crm.KindPerson {
		return is("kind", kind)
	}
	others := slices.DeleteFunc(slices.Clone(crm.Kinds), func(k crm.Kind) bool { return k == kind })
	return is("kind", op("$nin", others))
}

// notMerged is true of a card in the bin that was put there by somebody. A closed one, which is another now, lies there too.
var notMerged = is("merged_into", nil)

// among adds that a field names one of the members, where any are asked for.
func among(filter bson.D, field string, members []crm.MemberID) bson.D {
	if len(members) == 0 {
		return filter
	}
	return append(filter, is("$and", bson.A{bson.D{is(field, op("$in", members))}}))
}

// neglected are the ways in which a card is left lying.
func neglected(ways []crm.Neglect) bson.A {
	var any bson.A
	for _, n := range ways {
		var one bson.D
		if len(n.Stages) > 0 {
			one = append(one, is("stage", op("$in", n.Stages)))
		}
		if len(n.Statuses) > 0 {
			one = append(one, is("status", op("$in", n.Statuses)))
		}
		any = append(any, append(one, is("$or", bson.A{
			bson.D{is("silent", op("$lt", roundUp(n.SilentBefore)))},
			bson.D{is("confirmed", op("$lt", roundUp(n.ConfirmedBefore)))},
		})))
	}
	return any
}

// createdRange are the bounds of the creation, as by_newest has it: backwards.
func createdRange(q crm.ClientQuery) bson.D {
	var created bson.D
	if !q.CreatedFrom.IsZero() {
		created = append(created, is("$lt", timeKey(roundUp(q.CreatedFrom), 1, "")))
	}
	if !q.CreatedBefore.IsZero() {
		created = append(created, is("$gte", timeKey(roundUp(q.CreatedBefore), 1, "")))
	}
	return created
}

// nextRange are the bounds of the next contact.
func nextRange(q crm.ClientQuery) bson.D {
	var next bson.D
	if !q.NextFrom.IsZero() {
		next = append(next, is("$gte", nextKey(q.NextFrom, "")))
	}
	if !q.NextBefore.IsZero() {
		next = append(next, is("$lt", nextKey(q.NextBefore, "")))
	}
	return next
}

// pageFilter adds the place to page on after.
func pageFilter(q crm.ClientQuery) (filter bson.D, sort string) {
	filter = clientFilter(q)
	sort, after := sortField(q)
	if q.After != nil {
		// A list of conditions, since the sort key may have one already.
		filter = append(filter, is("$and", bson.A{bson.D{is(sort, op("$gt", after))}}))
	}
	return filter, sort
}

// Clients answers the query in full: filter, order and page.
func (s *Store) Clients(ctx context.Context, q crm.ClientQuery) ([]crm.Client, error) {
	filter, sort := pageFilter(q)
	return list[crm.Client](ctx, s.clients(), filter, q.Limit, up(sort))
}

// CountClients counts what the query without paging would list, up to limit.
func (s *Store) CountClients(ctx context.Context, q crm.ClientQuery, limit int) (int, error) {
	if _, own := crm.SplitGaps(q.Lacks); len(own) > 0 && q.OnlyLacks() && s.upgraded.Load() {
		n, err := s.countOwnLacks(ctx, q)
		return min(n, limit), failed("count clients", err)
	}
	n, err := s.clients().CountDocuments(ctx, clientFilter(q), options.Count().SetLimit(int64(limit)))
	return int(n), failed("count clients", err)
}
