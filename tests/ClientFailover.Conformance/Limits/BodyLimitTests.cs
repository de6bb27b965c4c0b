using System.Net.Http.Json;
using ClientFailover.Conformance.Fuzz;
using ClientFailover.Conformance.Running;
using ClientFailover.Conformance.Streams;
using Grpc.Core;
using NUnit.Framework;

namespace ClientFailover.Conformance.Limits;

/// <summary>Bodies of calls that begin and do not end.</summary>
internal sealed class BodyLimitTests : OwnService
{
    private const string Bodies = "bodies";

    private protected override string[] Settings => [.. RunningService.Quick, "--RequestBodyTimeout", "00:00:01"];

    [Test]
    public async Task Body_OverHttp1_IsRefusedWhenItsTimeIsOver()
    {
        var before = await Caller.RefusedAsync(Bodies);
        using var connection = await BareConnection.OpenAsync(Service.Http);
        await connection.SendAsync(
            $"POST {PathOf("g")} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {Service.User.Header}\r\n"
            + "Content-Type: application/json\r\nContent-Length: 20\r\n\r\n{\"Failover");

        var reply = await connection.ReadToEndAsync();

        Assert.That(reply, Does.StartWith("HTTP/1.1 408 ").And.Contain("\"Code\":\"REQUEST_TIMEOUT\""));
        await Caller.UntilRefusedAsync(Bodies, before + 1);
    }

    [TestCase("application/json", "/api/v1/clientfailover/groups/g/clientsessions/a/heartbeat", ":status", "408")]
    [TestCase("application/grpc", "/clientfailover.v1.SessionService/PostHeartbeat", "grpc-status", "4")]
    [TestCase("application/grpc-web-text", "/clientfailover.v1.SessionService/PostHeartbeat", "grpc-status", "4")]
    [TestCase("application/grpc", "/clientfailover.v1.EventService/WatchEvents", "grpc-status", "4")]
    public async Task Body_OverHttp2_IsRefusedWhenItsTimeIsOver(string type, string path, string header, string expected)
    {
        var before = await Caller.RefusedAsync(Bodies);
        using var patience = new CancellationTokenSource(RunningService.Patience);
        using var connection = await Http2Connection.OpenAsync(Service.Grpc, patience.Token);
        var frames = new List<byte>(Http2Connection.Preface());
        Begin(frames, 1, type, path);
        Http2Connection.Write(frames, Http2Connection.Data, 0, 1, "AAAA"u8);
        await connection.SendAsync([.. frames], isLast: false, patience.Token);

        string? seen = null;
        while (seen is null)
        {
            var frame = await connection.ReadAsync(patience.Token);
            Assert.That(frame, Is.Not.Null, "The connection ended.");
            if (frame!.Value is { Type: Http2Connection.Headers, Payload: var payload })
            {
                Hpack.Decode(payload, (name, value) => seen = name == header ? value : seen);
            }
        }

        Assert.That(seen, Is.EqualTo(expected));
        await Caller.UntilRefusedAsync(Bodies, before + 1);
    }

    [Test]
    public async Task Body_OfAStream_HasNoEnd()
    {
        var group = CallerActions.NewId();
        using var stream = await AdapterStream.JoinAsync(Caller, group, "a");
        await Caller.LetPassAsync(TimeSpan.FromSeconds(2.5));

        await stream.BeatAsync(50);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Body_ThatIsTooLarge_IsCounted(bool rest)
    {
        var before = await Caller.RefusedAsync("body_size");
        var group = new V1.GroupConfiguration { Id = "g", Description = new string('x', 200 * 1024) };
        if (rest)
        {
            using var reply = await Caller.Rest.PostAsJsonAsync("groups", new { group.Id, group.Description });
            Assert.That((int)reply.StatusCode, Is.EqualTo(413));
        }
        else
        {
            Refusals.Of(Caller.Groups.CreateGroupAsync(new V1.CreateGroupRequest { Group = group })).MustBe(StatusCode.ResourceExhausted, "BODY_TOO_LARGE");
        }

        await Caller.UntilRefusedAsync("body_size", before + 1);
    }

    private static string PathOf(string group) => $"/api/v1/clientfailover/groups/{group}/clientsessions/a/heartbeat";

    private void Begin(List<byte> frames, int stream, string type, string path) =>
        Http2Connection.Write(frames, Http2Connection.Headers, Http2Connection.EndHeaders, stream, Hpack.Encode(
        [
            (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "localhost"),
            ("authorization", Service.User.Header.ToString()), ("content-type", type),
        ]));
}
