package mongodb

import (
	"errors"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"kartoteka/crm"
)

// failed wraps an error with what was being done; nil stays nil. Of a server's error only the code is kept,
// since its words quote keys and values.
func failed(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("mongodb: %s: %w", what, translate(err))
}

// ErrLogin is a server that does not accept the user or the password, or lets the user not use the base.
var ErrLogin = errors.New("mongodb: not let in")

// loginCodes: Unauthorized and AuthenticationFailed of MongoDB, and what Atlas says for the latter.
var loginCodes = []int32{13, 18, 8000}

func translate(err error) error {
	if errors.Is(err, mongo.ErrNoDocuments) {
		return crm.ErrNotFound
	}
	var command mongo.CommandError
	if errors.As(err, &command) && slices.Contains(loginCodes, command.Code) {
		return fmt.Errorf("%w: server error %d (%s)", ErrLogin, command.Code, command.Name)
	}
	if errors.As(err, &command) && command.Code != 0 { // 0: the connection failed, not the command
		return fmt.Errorf("server error %d (%s)", command.Code, command.Name)
	}
	var server mongo.ServerError
	if !errors.As(err, &command) && errors.As(err, &server) {
		return fmt.Errorf("server error %v", server.ErrorCodes())
	}
	return err
}

// isDuplicate reports that a key is there already.
func isDuplicate(err error) bool { return mongo.IsDuplicateKeyError(err) }

// onlyDuplicates forgives the documents of an insert that are there already.
func onlyDuplicates(err error) error {
	var bulk mongo.BulkWriteException
	if !errors.As(err, &bulk) || bulk.WriteConcernError != nil {
		if isDuplicate(err) {
			return nil
		}
		return err
	}
	for _, e := range bulk.WriteErrors {
		if e.Code != duplicateKey {
			return err
		}
	}
	return nil
}

const duplicateKey = 11000 // MongoDB: E11000

// duplicateAt says which documents of an insert were there already.
func duplicateAt(err error) map[int]bool {
	at := map[int]bool{}
	var bulk mongo.BulkWriteException
	if errors.As(err, &bulk) {
		for _, e := range bulk.WriteErrors {
			at[e.Index] = true
		}
	}
	return at
}
