package main

import (
	"flag"

	"tudoIM/core/run"
	"tudoIM/tudoIM_chat/chat_api/app"
)

var configFile = flag.String("f", "etc/chats.yaml", "the config file")

func main() {
	flag.Parse()
	run.Main("chat_api", *configFile, app.New)
}
