// An independent reader of our logs: Go's own sumdb/note and sumdb/tlog, and nothing of ours.
//
// Usage: interop <folder> <vkey> [older checkpoint files]
//
// It opens the checkpoint, proves every entry (every 16th bundle of a big log) against the tiles, names the entries that are not
// what the tree says, and proves that each older checkpoint is the beginning of this one.
package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

// c2spPath gives the path without the tile height, which the C2SP format leaves out.
func c2spPath(t tlog.Tile) string {
	return "tile/" + strings.TrimPrefix(t.Path(), fmt.Sprintf("tile/%d/", height))
}

type folderReader struct {
	root string
	seen map[string][]byte
}

func (f folderReader) Height() int { return height }

func (f folderReader) SaveTiles([]tlog.Tile, [][]byte) {}

func (f folderReader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	rows := make([][]byte, len(tiles))
	for i, t := range tiles {
		path := c2spPath(t)
		if f.seen[path] == nil {
			data, err := os.ReadFile(filepath.Join(f.root, path))
			if err != nil {
				return nil, err
			}
			f.seen[path] = data
		}
		rows[i] = f.seen[path]
	}
	return rows, nil
}

func openCheckpoint(path, vkey string) (tlog.Tree, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return tlog.Tree{}, err
	}
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open(data, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("not a checkpoint of %s", verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

func readBundle(root string, number, width int64) ([][]byte, error) {
	tile := tlog.Tile{H: height, L: 0, N: number, W: int(width)}
	path := strings.Replace(c2spPath(tile), "tile/0/", "tile/entries/", 1)
	data, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		return nil, err
	}
	var entries [][]byte
	for len(data) >= 2 {
		size := int(binary.BigEndian.Uint16(data))
		if len(data) < 2+size {
			return nil, fmt.Errorf("%s ends inside entry %d", path, len(entries))
		}
		entries = append(entries, data[2:2+size])
		data = data[2+size:]
	}
	if int64(len(entries)) != width || len(data) != 0 {
		return nil, fmt.Errorf("%s holds %d entries, not %d", path, len(entries), width)
	}
	return entries, nil
}

// checkBundle proves each entry of a bundle and returns how many are not in the tree.
func checkBundle(root string, tree tlog.Tree, hashes tlog.HashReader, number int64) (int, error) {
	width := tree.N - number<<height
	if width > 1<<height {
		width = 1 << height
	}
	entries, err := readBundle(root, number, width)
	if err != nil {
		return 0, err
	}
	tampered := 0
	for i, entry := range entries {
		index := number<<height + int64(i)
		proof, err := tlog.ProveRecord(tree.N, index, hashes)
		if err != nil {
			return tampered, err
		}
		leaf := tlog.RecordHash(entry)
		if tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaf) != nil {
			fmt.Printf("tampered %d\n", index)
			tampered++
		}
	}
	return tampered, nil
}

func checkOlder(path, vkey string, tree tlog.Tree, hashes tlog.HashReader) error {
	old, err := openCheckpoint(path, vkey)
	if err != nil {
		return err
	}
	proof, err := tlog.ProveTree(tree.N, old.N, hashes)
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash); err != nil {
		return err
	}
	fmt.Printf("consistent %d\n", old.N)
	return nil
}

func run(root, vkey string, older []string) error {
	tree, err := openCheckpoint(filepath.Join(root, "checkpoint"), vkey)
	if err != nil {
		return err
	}
	fmt.Printf("size %d\n", tree.N)
	hashes := tlog.TileHashReader(tree, folderReader{root, map[string][]byte{}})
	tampered := 0
	last := (tree.N - 1) >> height
	for number := int64(0); number <= last; number++ {
		if number%16 != 0 && number != last && tree.N > 10000 {
			continue // a big log is sampled, for time's sake
		}
		found, err := checkBundle(root, tree, hashes, number)
		if err != nil {
			return err
		}
		tampered += found
	}
	for _, path := range older {
		if err := checkOlder(path, vkey, tree, hashes); err != nil {
			return fmt.Errorf("%s: %v", filepath.Base(path), err)
		}
	}
	if tampered > 0 {
		return fmt.Errorf("%d entries are not in the tree", tampered)
	}
	return nil
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: interop <folder> <vkey> [older checkpoint files]")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3:]); err != nil {
		fmt.Fprintln(os.Stderr, "failed:", err)
		os.Exit(1)
	}
	fmt.Println("ok")
}
