package crm_test

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/city"
	"kartoteka/crm/civil"
	"kartoteka/crm/moment"
)

// subject is what a use case is about.
type subject int

const (
	onNothing subject = iota // the team, or by's own record
	onClient
	onTask
	onPerson // a colleague
	onList   // the cards that by may see
	onOwn    // the cards that are by's own, whatever by may see
)

// useCase is one use case of the desk: what the table has to allow for it, and how it is called so that it succeeds if
// that is so.
type useCase struct {
	needs crm.Action // "": every member may
	on    subject
	do    func(s *scene) (any, error)
}

// useCases are all of them by the name of the desk's method.
var useCases = map[string]useCase{
	"AddClient": {crm.ActionAddClient, onNothing, func(s *scene) (any, error) {
		return s.AddClient(s.ctx, s.by, crm.Draft{Profile: crm.Profile{Name: "Новый Клиент"}}, true)
	}},
	"AddMany": {crm.ActionAddClient, onNothing, func(s *scene) (any, error) {
		n, _, err := s.AddMany(s.ctx, s.by, []crm.Draft{{Profile: crm.Profile{Name: "Новый Клиент"}}})
		return n, err
	}},
	"BeginImporting": {crm.ActionImport, onNothing, func(s *scene) (any, error) { return s.BeginImporting(s.ctx, s.by) }},
	"BeginImport":    {crm.ActionImport, onNothing, func(s *scene) (any, error) { return s.BeginImport(s.ctx, s.by, importOf(s)) }},
	"Import":         {crm.ActionImport, onNothing, withImport(func(s *scene, id crm.ImportID) (any, error) { return s.Import(s.ctx, s.by, id) })},
	"ReadImport": {crm.ActionImport, onNothing, withImport(func(s *scene, id crm.ImportID) (any, error) {
		return s.ReadImport(s.ctx, s.by, id, importOf(s).Sample)
	})},
	"TurnDates": {crm.ActionImport, onNothing, withImport(func(s *scene, id crm.ImportID) (any, error) {
		return s.TurnDates(s.ctx, s.by, id, 2)
	})},
	"MapColumn": {crm.ActionImport, onNothing, withImport(func(s *scene, id crm.ImportID) (any, error) {
		return s.MapColumn(s.ctx, s.by, id, 1, crm.ImportSkip)
	})},
	"CheckImport": {crm.ActionImport, onNothing, withImport(func(s *scene, id crm.ImportID) (any, error) { return s.CheckImport(s.ctx, s.by, id, 1) })},
	"MoveImport":  {crm.ActionImport, onNothing, withImport(func(s *scene, id crm.ImportID) (any, error) { return s.MoveImport(s.ctx, s.by, id, 1) })},
	"StopImport":  {crm.ActionImport, onNothing, withImport(func(s *scene, id crm.ImportID) (any, error) { return s.StopImport(s.ctx, s.by, id) })},
	"RunImport": {crm.ActionImport, onNothing, withImport(func(s *scene, id crm.ImportID) (any, error) {
		return s.RunImport(s.ctx, s.by, checked(s, id), crm.ImportFill)
	})},
	"TakeLikely": {crm.ActionImport, onNothing, withImport(func(s *scene, id crm.ImportID) (any, error) {
		return s.TakeLikely(s.ctx, s.by, checked(s, id), crm.ImportSame)
	})},
	"KeptClients": {crm.ActionImport, onNothing, withImport(func(s *scene, id crm.ImportID) (any, error) { return s.KeptClients(s.ctx, s.by, id) })},
	"OwnImports":  {crm.ActionImport, onNothing, func(s *scene) (any, error) { return s.OwnImports(s.ctx, s.by) }},
	"ImportedClients": {crm.ActionImport, onNothing, withImport(func(s *scene, id crm.ImportID) (any, error) {
		return s.ImportedClients(s.ctx, s.by, id, crm.ImportedQuery{Limit: 1})
	})},
	"AskedImport": {crm.ActionImport, onNothing, func(s *scene) (any, error) {
		return whenAsked(s, func(id crm.ImportID, row crm.ImportRow) (any, error) { return s.AskedImport(s.ctx, s.by, id, row) })
	}},
	"JudgeImport": {crm.ActionImport, onNothing, func(s *scene) (any, error) {
		return whenAsked(s, func(id crm.ImportID, row crm.ImportRow) (any, error) {
			return s.JudgeImport(s.ctx, s.by, id, crm.Judgement{Row: row, Policy: crm.ImportPass})
		})
	}},
	"UndoImport": {crm.ActionUndoImport, onNothing, withImport(func(s *scene, id crm.ImportID) (any, error) {
		if _, err := s.RunImport(s.ctx, s.by, checked(s, id), crm.ImportFill); err != nil {
			return nil, err
		}
		_ = s.WorkImports(s.ctx, rowsOf(importOf(s).Sample))
		return s.UndoImport(s.ctx, s.by, id)
	})},

	"CountExport": {crm.ActionExport, onNothing, func(s *scene) (any, error) { return s.CountExport(s.ctx, s.by, crm.ExportInput{}) }},
	"BeginExport": {crm.ActionExport, onNothing, func(s *scene) (any, error) {
		e, err := s.BeginExport(s.ctx, s.by, crm.ExportInput{Format: crm.ExportCSV})
		return e, unlessAbout(err, "export") // one at a time
	}},
	"ExportOf":   {crm.ActionExport, onNothing, withExport(func(s *scene) (any, error) { return s.ExportOf(s.ctx, s.by) })},
	"StopExport": {crm.ActionExport, onNothing, withExport(func(s *scene) (any, error) { return s.StopExport(s.ctx, s.by) })},
	"MoveExport": {crm.ActionExport, onNothing, withExport(func(s *scene) (any, error) { return s.MoveExport(s.ctx, s.by, 7) })},

	"BeginDraft": {crm.ActionAddClient, onNothing, func(s *scene) (any, error) { return s.BeginDraft(s.ctx, s.by) }},
	"SortDrafts": {crm.ActionAddClient, onNothing, func(s *scene) (any, error) {
		_, _, err := s.SortDrafts(s.ctx, s.by, []crm.Draft{{Profile: crm.Profile{Name: "Новый"}}})
		return nil, err
	}},
	"Binned": {crm.ActionAddClient, onNothing, func(s *scene) (any, error) { return s.Binned(s.ctx, s.by, crm.Profile{}) }},
	"CountBinned": {crm.ActionAddClient, onNothing, func(s *scene) (any, error) {
		return s.CountBinned(s.ctx, s.by, []crm.Draft{{Profile: crm.Profile{Name: "Новый"}}})
	}},
	"Duplicates": {crm.ActionAddClient, onNothing, func(s *scene) (any, error) { return s.Duplicates(s.ctx, s.by, crm.Profile{}) }},

	"Client":      {crm.ActionReadClient, onClient, func(s *scene) (any, error) { return s.Client(s.ctx, s.by, s.id()) }},
	"StaleClient": {crm.ActionReadHistory, onClient, func(s *scene) (any, error) { return s.StaleClient(s.ctx, s.by, s.id()) }},
	"History": {crm.ActionReadHistory, onClient, func(s *scene) (any, error) {
		return s.History(s.ctx, s.by, crm.TouchQuery{Client: s.id(), Limit: 5})
	}},
	"Lately": {crm.ActionReadHistory, onClient, func(s *scene) (any, error) {
		notes, _, err := s.Lately(s.ctx, s.by, s.id(), 2)
		return notes, err
	}},
	"LastTouch":  {crm.ActionReadHistory, onClient, func(s *scene) (any, error) { return s.LastTouch(s.ctx, s.by, s.id()) }},
	"WroteField": {crm.ActionReadHistory, onClient, func(s *scene) (any, error) { return s.WroteField(s.ctx, s.by, s.id(), crm.FieldName) }},
	"LastChange": {crm.ActionReadHistory, onClient, func(s *scene) (any, error) { return s.LastChange(s.ctx, s.by, s.id()) }},

	"Changes": {crm.ActionReadHistory, onClient, func(s *scene) (any, error) { return s.Changes(s.ctx, s.by, s.id(), crm.ChangeMark{}, 5) }},
	"Change":  {crm.ActionReadHistory, onClient, func(s *scene) (any, error) { return s.Change(s.ctx, s.by, s.id(), s.last) }},

	"EditClient": {crm.ActionEditClient, onClient, func(s *scene) (any, error) {
		return s.EditClient(s.ctx, s.by, s.id(), crm.Edit{Field: crm.FieldCity, Value: "Омск", Force: true})
	}},
	"ConfirmClient":  {crm.ActionEditClient, onClient, func(s *scene) (any, error) { return s.ConfirmClient(s.ctx, s.by, s.id()) }},
	"CompleteClient": {crm.ActionEditClient, onClient, func(s *scene) (any, error) { return s.CompleteClient(s.ctx, s.by, s.id(), crm.Draft{}) }},
	"CompleteDespite": {crm.ActionEditClient, onClient, func(s *scene) (any, error) {
		return s.CompleteDespite(s.ctx, s.by, s.id(), crm.Draft{})
	}},
	"SetTag":  {crm.ActionEditClient, onClient, func(s *scene) (any, error) { return s.SetTag(s.ctx, s.by, s.id(), "новая", true) }},
	"AddTags": {crm.ActionEditClient, onClient, func(s *scene) (any, error) { return s.AddTags(s.ctx, s.by, s.id(), "новая") }},
	"AddDate": {crm.ActionEditClient, onClient, func(s *scene) (any, error) {
		return s.AddDate(s.ctx, s.by, s.id(), crm.OtherDate{Label: "Год", Day: civil.Date{Month: 3, Day: 3}})
	}},
	"ChangeDate": {crm.ActionEditClient, onClient, func(s *scene) (any, error) { return s.ChangeDate(s.ctx, s.by, s.id(), wedding.Key(), wedding) }},
	"RemoveDate": {crm.ActionEditClient, onClient, func(s *scene) (any, error) { return s.RemoveDate(s.ctx, s.by, s.id(), wedding.Key()) }},
	"UndoClient": {crm.ActionUndoClient, onClient, func(s *scene) (any, error) { return s.UndoClient(s.ctx, s.by, s.id(), s.client.Rev) }},
	"UndoDespite": {crm.ActionUndoClient, onClient, func(s *scene) (any, error) {
		return s.UndoDespite(s.ctx, s.by, s.id(), s.client.Rev)
	}},
	"UndoChange": {crm.ActionUndoClient, onClient, func(s *scene) (any, error) { return s.UndoChange(s.ctx, s.by, s.id(), s.last, true) }},
	"SnoozeContact": {crm.ActionEditClient, onClient, func(s *scene) (any, error) {
		return s.SnoozeContact(s.ctx, s.by, s.id(), crm.PutOff{Until: s.later()})
	}},
	"UndoContact": {crm.ActionEditClient, onClient, func(s *scene) (any, error) { // what is undone was an edit
		return s.UndoContact(s.ctx, s.by, s.id(), s.client.Rev)
	}},
	"UndoOffer":  {crm.ActionEditClient, onClient, func(s *scene) (any, error) { return s.UndoOffer(s.ctx, s.by, s.id(), s.client.Rev) }},
	"DecidedDay": {crm.ActionLogTouch, onClient, func(s *scene) (any, error) { return s.DecidedDay(s.ctx, s.by, s.id()) }},
	"SnoozeOccasion": {crm.ActionLogTouch, onClient, func(s *scene) (any, error) {
		return s.SnoozeOccasion(s.ctx, s.by, s.id(), crm.Finish{Kind: crm.RemindDate, Date: wedding.Key()}, s.later())
	}},
	"HandOverOccasion": {crm.ActionLogTouch, onClient, func(s *scene) (any, error) {
		return s.HandOverOccasion(s.ctx, s.by, s.id(), crm.Finish{Kind: crm.RemindDate, Date: wedding.Key()}, s.heir)
	}},

	"LogTouch": {crm.ActionLogTouch, onClient, func(s *scene) (any, error) {
		return s.LogTouch(s.ctx, s.by, s.id(), crm.TouchInput{Kind: crm.TouchCall})
	}},
	"RewordTouch": {crm.ActionLogTouch, onClient, func(s *scene) (any, error) {
		logged := s.by
		logged.Cause += "l"
		if c, err := s.LogTouch(s.ctx, logged, s.id(), crm.TouchInput{Kind: crm.TouchCall}); err != nil {
			return c, err
		}
		return s.RewordTouch(s.ctx, s.by, s.id(), crm.NewTouchID(s.by.Team, logged.Cause, 0), crm.TouchInput{Text: "иначе"})
	}},
	"FinishContact": {crm.ActionLogTouch, onClient, func(s *scene) (any, error) { return s.FinishContact(s.ctx, s.by, s.id(), crm.Ending{}) }},
	"FinishOccasion": {crm.ActionLogTouch, onClient, func(s *scene) (any, error) {
		return s.FinishOccasion(s.ctx, s.by, s.id(), crm.Finish{Kind: crm.RemindDate, Date: wedding.Key()})
	}},

	"ArchiveClient":  {crm.ActionArchiveClient, onClient, func(s *scene) (any, error) { return s.ArchiveClient(s.ctx, s.by, s.id(), "") }},
	"RestoreClient":  {crm.ActionRestoreClient, onClient, func(s *scene) (any, error) { return s.RestoreClient(s.ctx, s.by, s.id()) }},
	"RestoreDespite": {crm.ActionRestoreClient, onClient, func(s *scene) (any, error) { return s.RestoreDespite(s.ctx, s.by, s.id()) }},
	"DeleteClient":   {crm.ActionDeleteClient, onClient, func(s *scene) (any, error) { return s.DeleteClient(s.ctx, s.by, s.id()) }},
	"ShowSecret": {crm.ActionSeeSecret, onClient, func(s *scene) (any, error) {
		v, err := s.ShowSecret(s.ctx, s.by, s.id(), "none", 7) // what there is is tested beside
		return v, unlessAbout(err, "field")
	}},
	"Dossier":    {crm.ActionTakeClient, onClient, func(s *scene) (any, error) { return s.Dossier(s.ctx, s.by, s.id()) }},
	"AskErasure": {crm.ActionAskErasure, onClient, func(s *scene) (any, error) { return s.AskErasure(s.ctx, s.by, s.id(), "стереть") }},
	"KeepClient": {crm.ActionAskErasure, onClient, func(s *scene) (any, error) { return s.KeepClient(s.ctx, s.by, s.id()) }},
	"EraseClient": {crm.ActionEraseClient, onClient, func(s *scene) (any, error) {
		return nil, s.EraseClient(s.ctx, s.by, s.id())
	}},
	"HandOverMany": {crm.ActionHandOverClient, onNothing, func(s *scene) (any, error) {
		return s.HandOverMany(s.ctx, s.by, []crm.ClientID{"nobody"}, s.heir)
	}},
	"MergeClients": {crm.ActionMergeClients, onClient, func(s *scene) (any, error) {
		c, _, err := s.MergeClients(s.ctx, s.by, crm.MergeInput{Kept: s.id(), Gone: s.twin})
		return c, err
	}},
	"UndoMerge": {crm.ActionMergeClients, onNothing, func(s *scene) (any, error) {
		_, err := s.UndoMerge(s.ctx, s.by, "none")
		return nil, letIn(err)
	}},
	"Pairs": {crm.ActionMergeClients, onNothing, func(s *scene) (any, error) { return s.Pairs(s.ctx, s.by, nil, 1) }},
	"Merged": {crm.ActionMergeClients, onNothing, func(s *scene) (any, error) {
		_, _, err := s.Merged(s.ctx, s.by, "none")
		return nil, letIn(err)
	}},
	"SeePair": {crm.ActionMergeClients, onNothing, func(s *scene) (any, error) {
		_, err := s.SeePair(s.ctx, s.by, "none")
		return nil, letIn(err)
	}},
	"AskAgain":  {crm.ActionMergeClients, onNothing, func(s *scene) (any, error) { return nil, letIn(s.AskAgain(s.ctx, s.by, "none")) }},
	"TellApart": {crm.ActionMergeClients, onNothing, func(s *scene) (any, error) { return nil, letIn(s.TellApart(s.ctx, s.by, "none")) }},
	"LastMerge": {crm.ActionMergeClients, onClient, func(s *scene) (any, error) {
		_, err := s.LastMerge(s.ctx, s.by, s.id())
		if fieldOf(err) == "merge" {
			err = nil
		}
		return nil, err
	}},
	"BeginMass": {crm.ActionEditClient, onNothing, func(s *scene) (any, error) {
		return s.BeginMass(s.ctx, s.by, crm.MassInput{Kind: crm.MassTag, Value: "новая", Of: []crm.ClientID{"nobody"}})
	}},
	"CountMass": {crm.ActionArchiveClient, onNothing, func(s *scene) (any, error) { return s.CountMass(s.ctx, s.by, crm.MassInput{Kind: crm.MassArchive}) }},
	"MassOf":    {crm.ActionEditMember, onNothing, func(s *scene) (any, error) { return s.MassOf(s.ctx, s.by) }},
	"ShowMass":  {crm.ActionEditMember, onNothing, func(s *scene) (any, error) { return s.ShowMass(s.ctx, s.by, time.Time{}, 1, 2) }},
	"StopMass":  {crm.ActionEditMember, onNothing, func(s *scene) (any, error) { return s.StopMass(s.ctx, s.by) }},
	"UndoMass": {crm.ActionUndoClient, onNothing, func(s *scene) (any, error) {
		_, err := s.UndoMass(s.ctx, s.by, time.Time{})
		return nil, letIn(err)
	}},
	"MassKept":    {crm.ActionReadClient, onNothing, func(s *scene) (any, error) { return s.MassKept(s.ctx, s.by) }},
	"Quality":     {crm.ActionCountClients, onNothing, func(s *scene) (any, error) { return s.Quality(s.ctx, s.by, "") }},
	"Funnel":      {crm.ActionCountClients, onNothing, func(s *scene) (any, error) { return s.Funnel(s.ctx, s.by) }},
	"SetCurrency": {crm.ActionEditTeam, onNothing, func(s *scene) (any, error) { return s.SetCurrency(s.ctx, s.by, "EUR") }},
	"SetGoal":     {crm.ActionEditTeam, onNothing, func(s *scene) (any, error) { return s.SetGoal(s.ctx, s.by, 90) }},
	"QualityQuery": {crm.ActionCountClients, onNothing, func(s *scene) (any, error) {
		return s.QualityQuery(s.ctx, s.by, crm.PartSilent, "")
	}},
	"QualityByMember": {crm.ActionCountClients, onNothing, func(s *scene) (any, error) { return s.QualityByMember(s.ctx, s.by) }},
	"SetRequired": {crm.ActionEditTeam, onNothing, func(s *scene) (any, error) {
		return s.SetRequired(s.ctx, s.by, crm.KindPerson, crm.GapPhone, false)
	}},
	"CleanRound": {crm.ActionEditClient, onNothing, func(s *scene) (any, error) {
		return s.CleanRound(s.ctx, s.by, crm.CleanInput{Part: crm.PartAny})
	}},
	"CleanCard": {crm.ActionEditClient, onClient, func(s *scene) (any, error) { return s.CleanCard(s.ctx, s.by, s.id(), crm.PartAny) }},
	"FillGap": {crm.ActionEditClient, onClient, func(s *scene) (any, error) {
		return s.FillGap(s.ctx, s.by, s.id(), crm.FillIn{Gap: crm.GapCity, Value: "Омск"})
	}},
	"UndoHandOver": {crm.ActionHandOverClient, onNothing, func(s *scene) (any, error) {
		return s.UndoHandOver(s.ctx, s.by, []crm.ClientID{"nobody"}, "none")
	}},
	"TakeBackClient": {crm.ActionHandOverClient, onClient, func(s *scene) (any, error) {
		given, err := s.HandOverClient(s.ctx, s.by, s.id(), s.heir)
		if err != nil {
			return given, err
		}
		by := s.by
		by.Cause += "b"
		return s.TakeBackClient(s.ctx, by, s.id(), given.Rev)
	}},
	"WentAlong": {crm.ActionHandOverClient, onClient, func(s *scene) (any, error) {
		if _, err := s.HandOverClient(s.ctx, s.by, s.id(), s.heir); err != nil {
			return nil, err
		}
		return s.WentAlong(s.ctx, s.by, s.id())
	}},
	"HandOverClient": {crm.ActionHandOverClient, onClient, func(s *scene) (any, error) { return s.HandOverClient(s.ctx, s.by, s.id(), s.heir) }},

	"List": {crm.ActionFindClients, onList, func(s *scene) (any, error) {
		return s.List(s.ctx, s.by, crm.ClientQuery{Sort: crm.SortByName, Limit: 50})
	}},
	"FindPage": {crm.ActionFindClients, onList, func(s *scene) (any, error) { return s.FindPage(s.ctx, s.by, s.client.Name, 0, 50) }},
	"FindList": {crm.ActionFindClients, onList, func(s *scene) (any, error) { return s.FindList(s.ctx, s.by, s.client.Name, 0, 50) }},
	"Namesakes": {crm.ActionFindClients, onList, func(s *scene) (any, error) {
		return s.Namesakes(s.ctx, s.by, crm.Draft{Profile: crm.Profile{Name: s.client.Name}})
	}},
	"MeaningOf": {crm.ActionFindClients, onNothing, func(s *scene) (any, error) {
		return s.MeaningOf(s.ctx, s.by, crm.Typed{Gap: crm.GapCity, Text: "Омск"})
	}},
	"MassTags": {crm.ActionEditClient, onNothing, func(s *scene) (any, error) {
		return s.MassTags(s.ctx, s.by, crm.MassInput{Kind: crm.MassUntag})
	}},
	"TagsIn": {crm.ActionFindClients, onNothing, func(s *scene) (any, error) {
		tags, _, err := s.TagsIn(s.ctx, s.by, crm.ClientQuery{}, 0)
		return tags, err
	}},
	"TagsFor":      {crm.ActionFindClients, onNothing, func(s *scene) (any, error) { return s.TagsFor(s.ctx, s.by, crm.Client{}) }},
	"SeesOthers":   {crm.ActionFindClients, onNothing, func(s *scene) (any, error) { return s.SeesOthers(s.ctx, s.by) }},
	"Count":        {crm.ActionCountClients, onNothing, func(s *scene) (any, error) { return s.Count(s.ctx, s.by, crm.ClientQuery{}, 9) }},
	"Mentioned":    {"", onNothing, func(s *scene) (any, error) { return s.Mentioned(s.ctx, s.by, "никого") }},
	"StaleClients": {crm.ActionTendClients, onOwn, func(s *scene) (any, error) { return s.StaleClients(s.ctx, s.by, 0) }},
	"StaleListed":  {crm.ActionTendClients, onNothing, func(s *scene) (any, error) { return s.StaleListed(s.ctx, s.by, staleDay) }},
	"Occasions":    {crm.ActionTendClients, onOwn, func(s *scene) (any, error) { return s.Occasions(s.ctx, s.by, 7) }},
	"Agenda":       {crm.ActionReadTask, onNothing, func(s *scene) (any, error) { return s.Agenda(s.ctx, s.by, 0) }},
	"DayItems": {crm.ActionReadTask, onNothing, func(s *scene) (any, error) {
		items, _, err := s.DayItems(s.ctx, s.by)
		return items, err
	}},
	"OpenItems": {crm.ActionReadTask, onNothing, func(s *scene) (any, error) { return s.OpenItems(s.ctx, s.by, 0) }},

	"AddTask": {crm.ActionAddTask, onNothing, func(s *scene) (any, error) {
		return s.AddTask(s.ctx, s.by, crm.TaskInput{Text: "дело", Due: s.later()})
	}},
	"NoteTask": {crm.ActionAddTask, onNothing, func(s *scene) (any, error) {
		t, _, err := s.NoteTask(s.ctx, s.by, crm.TaskInput{Text: "дело", Due: s.later()})
		return t, err
	}},
	"Task": {crm.ActionReadTask, onTask, func(s *scene) (any, error) { return s.Task(s.ctx, s.by, s.task.ID) }},
	"GiveConsent": {crm.ActionEditClient, onClient, func(s *scene) (any, error) {
		return s.GiveConsent(s.ctx, s.by, s.id(), crm.ConsentInput{Purpose: crm.PurposeData, Way: crm.WayPaper})
	}},
	"WithdrawConsent": {crm.ActionEditClient, onClient, func(s *scene) (any, error) {
		return s.WithdrawConsent(s.ctx, s.by, s.id(), crm.PurposeData, civil.Date{})
	}},
	"ReturnConsent": {crm.ActionEditClient, onClient, func(s *scene) (any, error) {
		err := s.ReturnConsent(s.ctx, s.by, s.id(), "none")
		if fieldOf(err) == "consent" { // let in, and there is no such consent
			err = nil
		}
		return nil, err
	}},
	"Consents": {crm.ActionReadHistory, onClient, func(s *scene) (any, error) { return s.Consents(s.ctx, s.by, s.id()) }},
	"MayWrite": {crm.ActionReadClient, onClient, func(s *scene) (any, error) { return s.MayWrite(s.ctx, s.by, s.id(), crm.PurposeGreeting) }},
	"SetConsentText": {crm.ActionEditTeam, onNothing, func(s *scene) (any, error) {
		return s.SetConsentText(s.ctx, s.by, "Согласен "+string(s.by.Cause))
	}},
	"SetKeepYears": {crm.ActionEditTeam, onNothing, func(s *scene) (any, error) { return s.SetKeepYears(s.ctx, s.by, 3) }},
	"Outdated": {crm.ActionEraseClient, onNothing, func(s *scene) (any, error) {
		list, _, err := s.Outdated(s.ctx, s.by, 5)
		return list, err
	}},
	"KeepYear":    {crm.ActionKeepClient, onClient, func(s *scene) (any, error) { return s.KeepYear(s.ctx, s.by, s.id()) }},
	"OpenInvites": {crm.ActionInvite, onNothing, func(s *scene) (any, error) { return s.OpenInvites(s.ctx, s.by) }},
	"RevokeInvite": {crm.ActionInvite, onNothing, func(s *scene) (any, error) {
		err := s.RevokeInvite(s.ctx, s.by, "none")
		if fieldOf(err) == "invite" { // let in, and there is no such invitation
			err = nil
		}
		return nil, err
	}},
	"NeedConsent": {crm.ActionEditTeam, onNothing, func(s *scene) (any, error) { return s.NeedConsent(s.ctx, s.by, crm.PurposeGreeting, true) }},

	"Missed": {crm.ActionReadTask, onNothing, func(s *scene) (any, error) {
		_, err := s.Missed(s.ctx, s.by, 1, 0) // no message of theirs is such a list
		if errors.Is(err, crm.ErrNotFound) {
			err = nil
		}
		return nil, err
	}},
	"Tasks":        {crm.ActionReadTask, onNothing, func(s *scene) (any, error) { return s.Tasks(s.ctx, s.by, crm.TaskQuery{Limit: 1}) }},
	"AnnotateTask": {crm.ActionEditTask, onTask, func(s *scene) (any, error) { return s.AnnotateTask(s.ctx, s.by, s.task.ID, "срочно") }},
	"RepeatTask": {crm.ActionEditTask, onTask, func(s *scene) (any, error) {
		return s.RepeatTask(s.ctx, s.by, s.task.ID, time.Time{}, moment.RepeatDaily)
	}},
	"ClientTasks": {crm.ActionReadTask, onNothing, func(s *scene) (any, error) { return s.ClientTasks(s.ctx, s.by, s.id(), 1) }},
	"SnoozeTask":  {crm.ActionEditTask, onTask, func(s *scene) (any, error) { return s.SnoozeTask(s.ctx, s.by, s.task.ID, time.Time{}, s.later()) }},
	"RescheduleTask": {crm.ActionEditTask, onTask, func(s *scene) (any, error) {
		return s.RescheduleTask(s.ctx, s.by, s.task.ID, time.Time{}, moment.Moment{At: s.later(), Repeat: moment.RepeatDaily})
	}},
	"MissTask":  {crm.ActionEditTask, onTask, func(s *scene) (any, error) { return s.MissTask(s.ctx, s.by, s.task.ID, time.Time{}, s.later()) }},
	"CloseTask": {crm.ActionEditTask, onTask, func(s *scene) (any, error) { return s.CloseTask(s.ctx, s.by, s.task.ID, crm.TaskDone, time.Time{}) }},
	"FinishTask": {crm.ActionEditTask, onTask, func(s *scene) (any, error) {
		return s.FinishTask(s.ctx, s.by, s.task.ID, crm.Ending{Kind: crm.TouchCall})
	}},
	"UndoTask":     {crm.ActionEditTask, onTask, func(s *scene) (any, error) { return s.UndoTask(s.ctx, s.by, s.task.ID, s.task.Rev) }},
	"LinkTask":     {crm.ActionEditTask, onTask, func(s *scene) (any, error) { return s.LinkTask(s.ctx, s.by, s.task.ID, "") }},
	"HandOverTask": {crm.ActionEditTask, onTask, func(s *scene) (any, error) { return s.HandOverTask(s.ctx, s.by, s.task.ID, s.heir) }},

	"Colleagues":   {crm.ActionEditPeople, onNothing, func(s *scene) (any, error) { return s.Colleagues(s.ctx, s.by) }},
	"Colleague":    {crm.ActionEditPeople, onPerson, func(s *scene) (any, error) { return s.Colleague(s.ctx, s.by, s.person) }},
	"Leaves":       {crm.ActionEditPeople, onNothing, func(s *scene) (any, error) { return s.Leaves(s.ctx, s.by, crm.Colleague{}, true, "") }},
	"SetRole":      {crm.ActionEditPeople, onPerson, func(s *scene) (any, error) { return s.SetRole(s.ctx, s.by, s.person, crm.RoleSupport, nil) }},
	"RemoveMember": {crm.ActionEditPeople, onPerson, func(s *scene) (any, error) { return s.RemoveMember(s.ctx, s.by, s.person, []crm.MemberID{s.heir}) }},
	"ReturnStanding": {crm.ActionEditPeople, onPerson, func(s *scene) (any, error) {
		m, err := s.ReturnStanding(s.ctx, s.by, s.person, "none")
		return m, unlessAbout(err, "standing")
	}},
	"UndoHanding": {crm.ActionEditPeople, onNothing, func(s *scene) (any, error) {
		m, err := s.UndoHanding(s.ctx, s.by, s.person)
		if fieldOf(err) == "returned" { // let in, and there is nothing to return
			err = nil
		}
		return m, err
	}},
	"HandOverAll": {crm.ActionEditPeople, onPerson, func(s *scene) (any, error) { return s.HandOverAll(s.ctx, s.by, s.person, []crm.MemberID{s.heir}) }},
	"InviteMember": {crm.ActionInvite, onNothing, func(s *scene) (any, error) {
		_, inv, err := s.InviteMember(s.ctx, s.by, crm.Invitation{Role: crm.RoleManager, Days: 1, Uses: 1})
		return inv, err
	}},
	"SetAbsence": {crm.ActionSetAbsence, onNothing, func(s *scene) (any, error) {
		today := civil.DateOf(s.now)
		return s.SetAbsence(s.ctx, s.by, s.by.ID, crm.Away{From: today, To: today.Plus(7), Deputy: s.heir})
	}},
	"EndAbsence": {crm.ActionSetAbsence, onNothing, func(s *scene) (any, error) { return s.EndAbsence(s.ctx, s.by, s.by.ID) }},
	"Members":    {crm.ActionSeeTeam, onNothing, func(s *scene) (any, error) { return s.Members(s.ctx, s.by) }},
	"Names":      {crm.ActionSeeTeam, onNothing, func(s *scene) (any, error) { return s.Names(s.ctx, s.by, s.heir) }},
	"Takers":     {crm.ActionSeeTeam, onNothing, func(s *scene) (any, error) { return s.Takers(s.ctx, s.by, crm.ActionTendClients, "") }},
	"EvenTakers": {crm.ActionSeeTeam, onNothing, func(s *scene) (any, error) { return s.EvenTakers(s.ctx, s.by, "") }},
	"Week":       {crm.ActionSeeWeek, onNothing, func(s *scene) (any, error) { return s.Week(s.ctx, s.by, civil.DateOf(s.now)) }},

	"Audit": {crm.ActionSeeAudit, onNothing, func(s *scene) (any, error) { return s.Audit(s.ctx, s.by, s.audit(), nil, 1) }},
	"AuditParts": {crm.ActionSeeAudit, onNothing, func(s *scene) (any, error) {
		_, list, err := s.AuditParts(s.ctx, s.by, "none", "", 1)
		return list, letIn(err)
	}},
	"AuditFigures": {crm.ActionSeeAudit, onNothing, func(s *scene) (any, error) { return s.AuditFigures(s.ctx, s.by, s.audit()) }},
	"TakeAudit": {crm.ActionTakeAudit, onNothing, func(s *scene) (any, error) {
		return s.TakeAudit(s.ctx, s.by, s.audit(), func(crm.Audited) error { return nil })
	}},

	"SetShared": {crm.ActionEditTeam, onNothing, func(s *scene) (any, error) { return s.SetShared(s.ctx, s.by, s.team().Shared) }},
	"AddField": {crm.ActionEditTeam, onNothing, func(s *scene) (any, error) {
		return s.AddField(s.ctx, s.by, crm.CustomField{Name: "Поле " + string(s.by.Cause), Kind: crm.FieldText})
	}},
	"SetRequisites": {crm.ActionEditTeam, onNothing, func(s *scene) (any, error) { return s.SetRequisites(s.ctx, s.by, "", true) }},
	"SetFieldRole":  {crm.ActionGuardTeam, onNothing, func(s *scene) (any, error) { return s.SetFieldRole(s.ctx, s.by, "", crm.RoleAdmin, true) }},
	"RestoreField":  {crm.ActionEditTeam, onNothing, func(s *scene) (any, error) { return s.RestoreField(s.ctx, s.by, "") }},
	"RemoveField":   {crm.ActionEditTeam, onNothing, func(s *scene) (any, error) { return s.RemoveField(s.ctx, s.by, "") }},
	"SetNoteParts":  {crm.ActionEditTeam, onNothing, func(s *scene) (any, error) { return s.SetNoteParts(s.ctx, s.by, nil) }},
	"TakeBackNoteParts": {crm.ActionEditTeam, onNothing, func(s *scene) (any, error) {
		return s.TakeBackNoteParts(s.ctx, s.by, s.team().NoteParts, nil)
	}},
	"SetTeamReminding": {crm.ActionEditTeam, onNothing, func(s *scene) (any, error) { return s.SetTeamReminding(s.ctx, s.by, func(*crm.Reminding) {}) }},
	"Failures":         {crm.ActionEditTeam, onNothing, func(s *scene) (any, error) { return s.Failures(s.ctx, s.by) }},
	"SetStaleRules":    {crm.ActionSetStale, onNothing, func(s *scene) (any, error) { return s.SetStaleRules(s.ctx, s.by, func(*crm.StaleRules) {}) }},
	"SetPlaceNews":     {crm.ActionLinkPlace, onNothing, func(s *scene) (any, error) { return s.SetPlaceNews(s.ctx, s.by, "none", crm.NewsClient, true) }},
	"SetPlacePhones":   {crm.ActionLinkPlace, onNothing, func(s *scene) (any, error) { return s.SetPlacePhones(s.ctx, s.by, "none", true) }},
	"GroupAgenda": {crm.ActionReadTask, onNothing, func(s *scene) (any, error) {
		a, _, err := s.GroupAgenda(s.ctx, s.by, -100, s.by.ID, 0)
		return a, err
	}},
	"SetPlaceLoud": {crm.ActionLinkPlace, onNothing, func(s *scene) (any, error) { return s.SetPlaceLoud(s.ctx, s.by, "none", true) }},
	"LinkPlace":    {crm.ActionLinkPlace, onNothing, func(s *scene) (any, error) { return s.LinkPlace(s.ctx, s.by, -100, 0, "Отдел") }},
	"UnlinkPlace":  {crm.ActionLinkPlace, onNothing, func(s *scene) (any, error) { return s.UnlinkPlace(s.ctx, s.by, "none") }},

	"SetLang":      {crm.ActionEditMember, onNothing, func(s *scene) (any, error) { return s.SetLang(s.ctx, s.by, "ru") }},
	"SetCity":      {crm.ActionEditMember, onNothing, func(s *scene) (any, error) { return s.SetCity(s.ctx, s.by, city.City{Zone: "Europe/Moscow"}) }},
	"SetReminding": {crm.ActionEditMember, onNothing, func(s *scene) (any, error) { return s.SetReminding(s.ctx, s.by, func(*crm.Reminding) {}) }},
	"FollowTeam":   {crm.ActionEditMember, onNothing, func(s *scene) (any, error) { return s.FollowTeam(s.ctx, s.by, crm.PartDays) }},

	"CodeOf":      {crm.ActionUseCode, onNothing, func(s *scene) (any, error) { return s.CodeOf(s.ctx, s.by) }},
	"BeginCode":   {crm.ActionUseCode, onNothing, func(s *scene) (any, error) { return s.BeginCode(s.ctx, s.by) }},
	"HideCodeKey": {crm.ActionUseCode, onNothing, func(s *scene) (any, error) { return nil, s.HideCodeKey(s.ctx, s.by, 7) }},
	"EnterCode": {crm.ActionUseCode, onNothing, func(s *scene) (any, error) {
		return nil, unlessAbout(s.EnterCode(s.ctx, s.by, "000000"), "code.wrong", "code.none", "code.paused")
	}},
	"DropCode": {crm.ActionUseCode, onNothing, func(s *scene) (any, error) { return nil, s.DropCode(s.ctx, s.by) }},
	"EndCodeOf": {crm.ActionGuardTeam, onPerson, func(s *scene) (any, error) {
		m, err := s.EndCodeOf(s.ctx, s.by, s.person)
		return m, unlessAbout(err, "code")
	}},
	"NeedCode": {crm.ActionGuardTeam, onNothing, func(s *scene) (any, error) { return s.NeedCode(s.ctx, s.by, false) }},

	"SetLookLimit": {crm.ActionGuardTeam, onNothing, func(s *scene) (any, error) { return s.SetLookLimit(s.ctx, s.by, 0) }},
	"SetProtected": {crm.ActionGuardTeam, onNothing, func(s *scene) (any, error) { return s.SetProtected(s.ctx, s.by, true) }},

	"Team": {"", onNothing, func(s *scene) (any, error) { return s.Team(s.ctx, s.by) }},
	"NoteGlance": {crm.ActionReadClient, onNothing, func(s *scene) (any, error) {
		return nil, s.NoteGlance(s.ctx, s.by, []crm.ClientID{"none"})
	}},
	"HideSecret": {"", onNothing, func(s *scene) (any, error) { return nil, s.HideSecret(s.ctx, s.by, 7) }},
	"NoteSeen":   {"", onNothing, func(s *scene) (any, error) { return nil, s.NoteSeen(s.ctx, s.by) }},
	"SaveDialog": {"", onNothing, func(s *scene) (any, error) {
		return s.SaveDialog(s.ctx, s.by, crm.Dialog{ID: string(s.by.Cause), Expires: s.later()})
	}},
	"EndDialog": {"", onNothing, func(s *scene) (any, error) { return nil, s.EndDialog(s.ctx, s.by, "1") }},
}

// answersOnly are the methods that say what may be done, or more of a task that was read with Task, and Dialog, which is tested with the dialogs: it finds only one's own.
var answersOnly = []string{"May", "MayEditPeople", "MayEditTeam", "MayInvite", "MaySetAbsence", "MayLinkPlaces", "MaySetStale", "MayGuardTeam", "TaskHolder", "TaskKept", "TellKept", "MayWish", "Dialog"}

// A use case without a row would be one whose rights nobody checks.
func TestEveryUseCaseHasItsRow(t *testing.T) {
	desk, actor := reflect.TypeFor[*crm.Desk](), reflect.TypeFor[crm.Actor]()
	known := map[string]bool{}
	for i := range desk.NumMethod() {
		m := desk.Method(i)
		if m.Type.NumIn() < 3 || m.Type.In(2) != actor || slices.Contains(answersOnly, m.Name) {
			continue
		}
		known[m.Name] = true
		if _, ok := useCases[m.Name]; !ok {
			t.Errorf("%s has no row in useCases", m.Name)
		}
	}
	for name := range useCases {
		if !known[name] {
			t.Errorf("%s is no use case", name)
		}
	}
}
