package main

import (
	"flag"

	"tudoIM/core/run"
	"tudoIM/tudoIM_chat/chat_rpc/app"
)

var configFile = flag.String("f", "etc/chat_rpc.yaml", "the config file")

func main() {
	flag.Parse()
	run.Main("chat_rpc", *configFile, app.New)
}
