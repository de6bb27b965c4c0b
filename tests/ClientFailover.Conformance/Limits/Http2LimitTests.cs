using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using ClientFailover.Conformance.Running;
using Google.Protobuf;
using Grpc.Core;
using NUnit.Framework;

namespace ClientFailover.Conformance.Limits;

/// <summary>What HTTP/2 and gRPC let a caller do that costs the service more than it costs the caller.</summary>
[Platform("Linux", Reason = "The attacker needs an address of its own.")]
internal sealed class Http2LimitTests : OwnService
{
    private const long Mebibyte = 1024 * 1024;
    private const int Streams = 100;

    private protected override string[] Settings =>
        [.. RunningService.Quick, "--MaxInputPerSecond", "65536", "--MaxStreamResetsPerSecond", "10", "--MaxStreamsPerConnection", $"{Streams}"];

    private (string, string) Authorization => ("authorization", Service.User.Header.ToString());

    [TestCase("GET", "/api/v1/clientfailover", true, 33)]
    [TestCase("GET", "/api/v1/clientfailover", false, 34)]
    [TestCase("POST", "/clientfailover.v1.GroupService/ListGroups", false, 35)]
    [TestCase("POST", "/clientfailover.v1.AdapterService/Connect", true, 36)]
    [TestCase("POST", "/clientfailover.v1.AdapterService/Connect", false, 37)]
    public async Task Requests_AreMadeOnlyToBeReset_TheConnectionIsCut(string method, string path, bool isKnown, int from)
    {
        var before = await Caller.RefusedAsync("resets");
        using var attacker = await BareConnection.OpenAsync(Service.Grpc, from);
        await attacker.SendAsync(Http2Frames.Preface);
        var reading = attacker.ReadToEndAsync();
        (string, string)[] more = isKnown ? [Authorization] : [];

        // Far more than are allowed, however many of them are answered before they are reset. Not until one cannot be sent: the network takes thousands.
        await attacker.SendAsync(Http2Frames.RapidResets(1, 1_000, method, path, [("content-type", "application/grpc"), .. more]));
        await reading;
        await Caller.UntilRefusedAsync("resets", before + 1);
        await MustBeServedAsync();
    }

    [TestCase("PING", 31)]
    [TestCase("SETTINGS", 32)]
    [TestCase("WINDOW_UPDATE", 38)]
    [TestCase("PRIORITY", 39)]
    [TestCase("DATA", 40)]
    public async Task Frames_SmallOnesInAFlood_WaitAndOthersAreServed(string type, int from)
    {
        using var attacker = await BareConnection.OpenAsync(Service.Grpc, from);
        await attacker.SendAsync(Http2Frames.Preface);
        var flood = Flood(type);
        var (before, refused) = (WorkingSet(), await Caller.RefusedAsync("input"));
        using var enough = new CancellationTokenSource();
        var sending = attacker.SendAsync(flood, enough.Token);

        for (var i = 0; i < 20; i++)
        {
            await MustBeServedAsync();
        }

        await Caller.UntilRefusedAsync("input", refused + 1);
        Assert.That(sending.IsCompleted, Is.False, "At least 20 MB at 64 KiB a second take minutes: it is held up by its own sends.");
        Assert.That(WorkingSet() - before, Is.LessThan(64 * Mebibyte));
        await enough.CancelAsync();
        await Task.WhenAny(sending);
    }

    [TestCase("CONTINUATION", 41)]
    [TestCase("HEADERS", 42)]
    public async Task Headers_MoreThanARequestMayHave_TheConnectionIsClosedAndOthersServed(string type, int from)
    {
        using var attacker = await BareConnection.OpenAsync(Service.Grpc, from);
        await attacker.SendAsync(Http2Frames.Preface);
        var before = WorkingSet();

        var sending = attacker.SendAsync(type == "HEADERS" ? Http2Frames.ManyHeaders(101) : Http2Frames.Continuations(20_000));
        await attacker.ReadToEndAsync();

        await sending;
        Assert.That(WorkingSet() - before, Is.LessThan(64 * Mebibyte));
        await MustBeServedAsync();
    }

    [Test]
    public async Task Streams_MoreThanAConnectionMayHave_AreRefusedAndOthersServed()
    {
        using var attacker = await BareConnection.OpenAsync(Service.Grpc, from: 43);
        await attacker.SendAsync(Http2Frames.Preface);

        await attacker.SendAsync(Http2Frames.Streams(Streams + 1, Authorization));

        // RST_STREAM of the last one: REFUSED_STREAM.
        var stream = (char)(1 + (2 * Streams));
        Assert.That(await attacker.ReadUntilAsync($"\0\0\u0004\u0003\0\0\0\0{stream}\0\0\0\u0007"), Does.EndWith("\u0007"));
        await MustBeServedAsync();
    }

    [Test]
    public async Task Message_ThatUnpacksToAThousandTimesItsSize_IsNotUnpacked()
    {
        using var http = new HttpClient { Timeout = RunningService.Patience };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Service.Grpc, "/clientfailover.v1.GroupService/CreateGroup"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(Bomb()),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.Add("grpc-encoding", "gzip");
        request.Headers.Authorization = Service.User.Header;
        var before = WorkingSet();

        using var response = await http.SendAsync(request);

        Assert.That(response.Headers.GetValues("grpc-status").Single(), Is.EqualTo($"{(int)StatusCode.Unimplemented}"));
        Assert.That(response.Headers.GetValues("grpc-accept-encoding").Single(), Is.EqualTo("identity"));
        Assert.That(WorkingSet() - before, Is.LessThan(64 * Mebibyte));
        await MustBeServedAsync();
    }

    /// <summary>A group whose description is 80 MB of blanks, in less than the 192 KiB that a message may have.</summary>
    private static byte[] Bomb()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            new V1.CreateGroupRequest { Group = new V1.GroupConfiguration { Id = "g", Description = new string(' ', 80_000_000) } }.WriteTo(gzip);
        }

        var message = new byte[5 + packed.Length];
        message[0] = 1;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), (int)packed.Length);
        packed.ToArray().CopyTo(message, 5);
        Assert.That(message, Has.Length.LessThan(192 * 1024));
        return message;
    }

    private byte[] Flood(string type) => type switch
    {
        "PING" => Http2Frames.Pings(2_000_000),
        "SETTINGS" => Http2Frames.ManySettings(4_000_000),
        "WINDOW_UPDATE" => Http2Frames.WindowUpdates(2_000_000),
        "PRIORITY" => Http2Frames.Priorities(2_000_000),
        _ => Http2Frames.EmptyData(3_000_000, Authorization),
    };

    private long WorkingSet()
    {
        using var process = Process.GetProcessById(Service.ProcessId);
        return process.WorkingSet64;
    }

    private async Task MustBeServedAsync()
    {
        using var response = await Caller.Rest.GetAsync("");
        Assert.That((int)response.StatusCode, Is.EqualTo(200));
    }
}
