package clients

// The SDK's own way to actions that its package has no function for.

import (
	"encoding/json"

	common "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/http"
	redis "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/redis/v20180412"
)

// byName calls an action by its name and answers the members of its Response.
func byName(client *redis.Client, action string, members map[string]any) (map[string]any, error) {
	request := common.NewCommonRequest("redis", "2018-04-12", action)
	if err := request.SetActionParameters(members); err != nil {
		return nil, err
	}
	answer := common.NewCommonResponse()
	if err := client.Send(request, answer); err != nil {
		return nil, err
	}
	var read struct{ Response map[string]any }
	err := json.Unmarshal(answer.GetBody(), &read)
	return read.Response, err
}
