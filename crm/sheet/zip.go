package sheet

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"strings"
)

// mostEntries is how many files an archive may list: a book has a dozen beside its sheets.
const mostEntries = 10_000

// archive is a .zip in memory.
type archive struct{ *zip.Reader }

func openZip(data []byte) (archive, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return archive{}, problem(Broken, err)
	}
	if len(z.File) > mostEntries {
		return archive{}, problem(TooLarge, nil)
	}
	return archive{z}, nil
}

// find returns a file of the archive, whatever the case of its name and whichever slashes it has; nil if there is none.
func (a archive) find(name string) *zip.File {
	for _, f := range a.File {
		if strings.EqualFold(strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/"), name) {
			return f
		}
	}
	return nil
}

// isBook reports whether the archive is an .xlsx.
func (a archive) isBook() bool { return a.find("xl/workbook.xml") != nil }

// Unpack takes the one table or file of cards out of a .zip, and its name. What the systems put beside it does not count.
func Unpack(data []byte, l Limits) ([]byte, string, error) {
	l = l.filled()
	a, err := openZip(data)
	if err != nil {
		return nil, "", err
	}
	var only *zip.File
	for _, f := range a.File {
		name := path.Base(strings.ReplaceAll(f.Name, `\`, "/"))
		if f.FileInfo().IsDir() || strings.HasPrefix(name, ".") || strings.HasPrefix(f.Name, "__MACOSX/") || strings.EqualFold(name, "thumbs.db") {
			continue
		}
		if only != nil {
			return nil, "", problem(Several, nil)
		}
		only = f
	}
	if only == nil {
		return nil, "", problem(Nothing, nil)
	}
	if only.Flags&1 != 0 {
		return nil, "", problem(Locked, nil)
	}
	r, err := only.Open()
	if err != nil {
		return nil, "", problem(Broken, err)
	}
	defer func() { _ = r.Close() }()
	most := min(l.Bytes, mostUnpacked)
	inner, err := io.ReadAll(io.LimitReader(r, most+1))
	switch {
	case int64(len(inner)) > most:
		return nil, "", problem(TooLarge, nil)
	case err != nil:
		return nil, "", problem(Broken, err)
	}
	return inner, path.Base(only.Name), nil
}

// mostUnpacked is how large a file may be that was packed: all of it is in memory.
const mostUnpacked = 64 << 20

// limited reads a part of a book up to what is left of the bytes that all its parts may have together.
type limited struct {
	r    io.Reader
	left *int64
}

func (l limited) Read(p []byte) (int, error) {
	if *l.left <= 0 {
		return 0, problem(TooLarge, nil)
	}
	n, err := l.r.Read(p[:min(int64(len(p)), *l.left)])
	*l.left -= int64(n)
	return n, err
}
