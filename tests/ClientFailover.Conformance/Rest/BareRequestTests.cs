using System.Net.Sockets;
using System.Text;
using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Rest;

/// <summary>Requests as no proper client sends them, byte by byte.</summary>
internal sealed class BareRequestTests : RestTests
{
    [Test]
    public async Task Body_ThatDoesNotGoOnArriving_Is408()
    {
        var answer = await SendAsync("POST /api/v1/clientfailover/groups", "Content-Type: application/json\r\nContent-Length: 100\r\n", "{\"Id\":");

        Assert.That(answer, Does.StartWith("HTTP/1.1 408 "));
        Assert.That(
            answer,
            Does.Match(
                "\"OperationId\":\"[0-9a-f]{32}\",\"Error\":\"The request was refused.\",\"Reason\":\"Its body did not arrive in time.\","
                + "\"Resolution\":\"Send the request again.\",\"AdditionalParameters\":{\"Code\":\"REQUEST_TIMEOUT\"}"));
    }

    [Test]
    public async Task Body_WhoseChunksAreNone_Is400()
    {
        var answer = await SendAsync(
            "POST /api/v1/clientfailover/groups", "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n", "nonsense\r\n{}\r\n0\r\n\r\n");

        Assert.That(answer, Does.StartWith("HTTP/1.1 400 "));
        Assert.That(answer, Does.Contain("\"Reason\":\"It is not a valid HTTP request for this route.\"").And.Contain("\"Code\":\"REQUEST_UNREADABLE\""));
    }

    /// <summary>HTTP allows no body in an answer to HEAD: what would be there is the body of any other wrong method.</summary>
    [Test]
    public async Task Head_OfARoute_Is405WithItsMethodsAndWithoutABody()
    {
        var answer = await SendAsync("HEAD /api/v1/clientfailover/groups");

        Assert.That(answer, Does.StartWith("HTTP/1.1 405 "));
        Assert.That(answer, Does.Contain("\r\nAllow: GET, POST\r\n").And.Contain("\r\nContent-Type: application/json; charset=utf-8\r\n"));
        Assert.That(answer, Does.EndWith("\r\n\r\n"));
    }

    /// <summary>The web server refuses these before any code of the service runs, and has no place for a body.</summary>
    [TestCase("GET /api/v1/clientfailover/groups/a%00b", "", 400)]
    [TestCase("GET /api/v1/clientfailover/groups/\u00e9", "", 400)]
    [TestCase("POST /api/v1/clientfailover/groups", "Content-Length: -1\r\n", 400)]
    [TestCase("GET /api/v1/clientfailover/groups/{9000}", "", 414)]
    [TestCase("GET /api/v1/clientfailover/groups", "X-Padding: {40000}\r\n", 431)]
    public async Task Request_ThatIsNoHttp_IsRefusedByTheWebServer(string line, string headers, int status)
    {
        var answer = await SendAsync(Pad(line), Pad(headers));

        Assert.That(answer, Does.StartWith($"HTTP/1.1 {status} "));
        Assert.That(answer, Does.Contain("\r\nContent-Length: 0\r\n").And.EndWith("\r\n\r\n"));
        Assert.That((int)(await User.GetAsync("")).Status, Is.EqualTo(200), "The service goes on.");
    }

    private static string Pad(string text) =>
        text.Replace("{9000}", new string('x', 9_000), StringComparison.Ordinal).Replace("{40000}", new string('x', 40_000), StringComparison.Ordinal);

    private async Task<string> SendAsync(string line, string headers = "", string body = "")
    {
        using var limit = new CancellationTokenSource(RunningService.Patience);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(Service.Http.Host, Service.Http.Port, limit.Token);
        var request = $"{line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: {Service.User.Header}\r\n{headers}\r\n{body}";
        await socket.SendAsync(Encoding.Latin1.GetBytes(request), limit.Token);
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer, limit.Token) is > 0 and var length)
            {
                answer.Append(Encoding.Latin1.GetString(buffer, 0, length));
            }
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // What was not read of the request ends the connection that way, after the answer.
        }

        return answer.ToString();
    }
}
