package main

import (
	"flag"

	"tudoIM/core/run"
	"tudoIM/tudoIM_group/group_api/app"
)

var configFile = flag.String("f", "etc/groups.yaml", "the config file")

func main() {
	flag.Parse()
	run.Main("group_api", *configFile, app.New)
}
