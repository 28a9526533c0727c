// Pushes a text to a user, and prints what the webhook says of it. The standard library, nothing else.
package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

type address struct {
	ID       string `json:"id"`
	Terminal int    `json:"terminal"`
}

type webhook struct {
	Type    string `json:"type"`
	Results []struct {
		Receiver address `json:"receiver"`
		Stage    string  `json:"stage"`
		Reason   string  `json:"reason"`
	} `json:"results"`
}

func env(name, usual string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return usual
}

// isGenuine says whether a webhook comes from our gateway, and is not an old one that somebody plays again.
func isGenuine(header http.Header, body, secret []byte) bool {
	at, err := strconv.ParseInt(header.Get("webhook-timestamp"), 10, 64)
	if err != nil || time.Since(time.Unix(at, 0)).Abs() > 5*time.Minute {
		return false
	}
	hash := hmac.New(sha256.New, secret)
	fmt.Fprintf(hash, "%s.%d.%s", header.Get("webhook-id"), at, body)
	expected := "v1," + base64.StdEncoding.EncodeToString(hash.Sum(nil))
	for _, shown := range strings.Split(header.Get("webhook-signature"), " ") {
		if hmac.Equal([]byte(expected), []byte(shown)) {
			return true
		}
	}
	return false
}

func push(recvID, text string) ([]address, error) {
	body, err := json.Marshal(map[string]any{
		"sender":        map[string]any{"id": 1, "terminal": 0},
		"recvId":        recvID,
		"recvTerminals": []int{0},
		"data":          map[string]any{"text": text},
	})
	if err != nil {
		return nil, err
	}
	url := env("IM_GATEWAY_URL", "http://127.0.0.1:8880") + "/v1/push/private"
	request, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+os.Getenv("IM_GATEWAY_API_KEY"))
	request.Header.Set("Content-Type", "application/json")
	answer, err := (&http.Client{Timeout: 10 * time.Second}).Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", answer.Status, said)
	}
	var receipt struct {
		Queued []address `json:"queued"`
	}
	return receipt.Queued, json.Unmarshal(said, &receipt)
}

func main() {
	recvID, text := "2", "hello"
	if len(os.Args) > 2 {
		recvID, text = os.Args[1], os.Args[2]
	}
	secret, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(os.Getenv("IM_GATEWAY_WEBHOOK_SECRET"), "whsec_"))
	if err != nil {
		log.Fatal(err)
	}
	told := make(chan webhook, 1)
	http.HandleFunc("/hooks", func(response http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(response, request.Body, 4<<20))
		if err != nil || !isGenuine(request.Header, body, secret) {
			response.WriteHeader(http.StatusUnauthorized)
			return
		}
		var event webhook
		if err := json.Unmarshal(body, &event); err != nil {
			response.WriteHeader(http.StatusBadRequest)
			return
		}
		response.WriteHeader(http.StatusNoContent)
		if event.Type == "results" {
			told <- event
		}
	})
	listener, err := net.Listen("tcp", "127.0.0.1:"+env("WEBHOOK_PORT", "8881"))
	if err != nil {
		log.Fatal(err)
	}
	go func() { log.Fatal(http.Serve(listener, nil)) }()

	queued, err := push(recvID, text)
	if err != nil {
		log.Fatal(err)
	}
	terminals := []int{}
	for _, one := range queued {
		terminals = append(terminals, one.Terminal)
	}
	fmt.Println("queued for terminals", strings.ReplaceAll(fmt.Sprint(terminals), " ", ", "))
	for _, result := range (<-told).Results {
		end := result.Reason
		if end == "" {
			end = result.Stage
		}
		fmt.Printf("webhook: user %s, terminal %d: %s\n", result.Receiver.ID, result.Receiver.Terminal, end)
	}
}
