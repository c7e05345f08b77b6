package main

import (
	"os"
	_ "time/tzdata" // the image holds no time zones
)

func main() { os.Exit(program(os.Args[1:], os.Stdout, os.Stderr)) }
