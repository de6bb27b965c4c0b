using System.Diagnostics;
using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Rest;

/// <summary>What a caller is told and what the log says of it can be put together.</summary>
internal sealed class OperationIdTests : RestTests
{
    [TestCase("groups/nobody", "GROUP_NOT_FOUND")]
    [TestCase("groups?count=0", "REQUEST_INVALID")]
    [TestCase("nowhere", "ROUTE_NOT_FOUND")]
    public async Task Failure_OfATracedRequest_HasItsTraceIdInReplyAndLog(string path, string code)
    {
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        using var http = SharedService.Instance.OpenHttp(SharedService.Instance.User.Header);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{RestClient.Base}/{path}");
        request.Headers.Add("traceparent", $"00-{trace}-b7ad6b7169203331-01");

        using var response = await http.SendAsync(request);

        var reply = new Reply(response.StatusCode, await response.Content.ReadAsStringAsync(), response);
        Assert.That(reply.Json().GetProperty("OperationId").GetString(), Is.EqualTo(trace));
        Assert.That(reply.Json().GetProperty("AdditionalParameters").GetProperty("Code").GetString(), Is.EqualTo(code));
        Assert.That(() => Service.Output, Does.Contain($", operation {trace}.").After(60_000, 100));
    }

    [Test]
    public async Task Failure_OfARequestWithoutTrace_HasAnIdThatIsInTheLog()
    {
        var operation = (await User.GetAsync("groups/nobody")).Json().GetProperty("OperationId").GetString();

        Assert.That(() => Service.Output, Does.Contain($"/api/v1/clientfailover/groups/nobody was answered 404, operation {operation}.").After(60_000, 100));
    }
}
