package clients

// Cloud Monitor's own client: what a scaler reads before and after a resize.

import (
	"testing"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	monitor "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/monitor/v20180724"
)

// points asks for a metric of an instance by the minute, over the last hour.
func points(metric, id string) *monitor.GetMonitorDataRequest {
	request := monitor.NewGetMonitorDataRequest()
	request.Namespace, request.MetricName = common.StringPtr("QCE/REDIS_MEM"), common.StringPtr(metric)
	request.Period = common.Uint64Ptr(60)
	dimension := &monitor.Dimension{Name: common.StringPtr("instanceid"), Value: common.StringPtr(id)}
	request.Instances = []*monitor.Instance{{Dimensions: []*monitor.Dimension{dimension}}}
	return request
}

func TestAScalerSeesMemoryRiseAndFall(t *testing.T) {
	s := serve(t)
	s.control(t, "PUT", "/clock", `{"Mode":"manual","Now":"2027-01-01T00:00:00Z"}`)
	s.control(t, "PUT", "/instances/"+instanceID+"/workload", `{"MemGrowthMbPerHour":7200}`)
	client, err := monitor.NewClient(key, region, plain(s))
	must(t, err)
	last := func() float64 {
		t.Helper()
		answer, err := client.GetMonitorData(points("MemUtil", instanceID))
		must(t, err)
		hasRequestID(t, answer.Response.RequestId)
		point := answer.Response.DataPoints[0]
		equal(t, "points", len(point.Values), len(point.Timestamps))
		return *point.Values[len(point.Values)-1]
	}
	equal(t, "MemUtil", last(), 29.297)
	s.control(t, "POST", "/clock/advance", `{"Seconds":240}`)
	equal(t, "MemUtil", last(), 76.172)

	upgrades(t, connect(t, s), upgradeOf(instanceID, 4096))
	s.control(t, "POST", "/clock/advance", `{"Seconds":1}`)
	equal(t, "MemUtil", last(), 19.092)

	_, err = client.GetMonitorData(points("MemUtil", "crs-unknown0"))
	refusal := refused(t, err)
	equal(t, "Code", refusal.GetCode(), "InvalidParameterValue")
	equal(t, "Message", refusal.GetMessage(), "unauthorized operation or the instance has been destroyed")
}

func TestMetricsAreListed(t *testing.T) {
	client, err := monitor.NewClient(key, region, plain(serve(t)))
	must(t, err)
	request := monitor.NewDescribeBaseMetricsRequest()
	request.Namespace = common.StringPtr("QCE/REDIS_MEM")
	answer, err := client.DescribeBaseMetrics(request)
	must(t, err)
	equal(t, "metrics", len(answer.Response.MetricSet), 80)
	for _, metric := range answer.Response.MetricSet {
		equal(t, "periods", len(metric.Periods), len(metric.Period))
		equal(t, "namespace", *metric.Namespace, "QCE/REDIS_MEM")
		if *metric.Meaning.Zh == "" || *metric.Unit == "" || len(metric.Dimensions) != 1 {
			t.Fatalf("%s lacks what an exporter reads", *metric.MetricName)
		}
	}
}
