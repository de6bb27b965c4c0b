using System.IO.Compression;
using System.Text;
using ClientFailover.HealthReceiver;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Health;

/// <summary>The receiver that others are tested with refuses what breaks a rule.</summary>
public sealed class StrictReceiverTests
{
    private const string Types = """
        [{"id":"E","enum":{"values":[{"name":"A","value":0},{"name":"B","value":1}]}},
         {"id":"S","type":"object","classification":"static","properties":{"Id":{"type":"string","isindex":true},"Name":{"type":"string","isname":true}}},
         {"id":"D","type":"object","classification":"dynamic","properties":{"T":{"type":"string","format":"date-time","isindex":true},
          "I":{"type":"integer","format":"int16"},"N":{"type":"number","format":"float64"},"B":{"type":"boolean"},"E":{"reftypeid":"E"}}}]
        """;

    private const string Container = """[{"id":"c","typeid":"D"}]""";
    private const string Element = """[{"typeid":"S","values":[{"Id":"s","Name":"n"}]}]""";
    private const string Value = """{"T":"2026-11-30T06:00:00.0000000Z","I":1,"N":1.5,"B":true,"E":1}""";

    private StrictReceiver _receiver = null!;

    [SetUp]
    public async Task SetUpAsync()
    {
        _receiver = new StrictReceiver(new ReceiverOptions { IsPi = false });
        foreach (var (type, body) in new[] { ("type", Types), ("container", Container), ("data", Element), ("data", Values(Value)) })
        {
            Assert.That(await StatusAsync(TestPost.Of(type, "create", body)), Is.InRange(200, 299));
        }
    }

    [TestCase("messagetype", "values")]
    [TestCase("messageformat", "")]
    [TestCase("omfversion", "1.1")]
    [TestCase("action", "")]
    [TestCase("compression", "deflate")]
    [TestCase("Content-Type", "text/plain")]
    [TestCase("Content-Encoding", "gzip")]
    public async Task Header_Wrong_IsRefused(string header, string value)
    {
        var headers = TestPost.Headers("container", "create");
        headers[header] = value;

        Assert.That(await StatusAsync(new OmfPost(headers, Encoding.UTF8.GetBytes(Container))), Is.EqualTo(400));
        Assert.That(_receiver.Violations, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task RequestedWith_Missing_IsRefusedByPiAlone()
    {
        var headers = TestPost.Headers("type", "create");
        headers.Remove("X-Requested-With");
        var post = new OmfPost(headers, Encoding.UTF8.GetBytes(Types));

        Assert.That(await StatusAsync(post), Is.EqualTo(200));
        Assert.That((await new StrictReceiver().ReceiveAsync(post, default))!.Status, Is.EqualTo(400));
    }

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("[1]")]
    [TestCase("[{]")]
    [TestCase("""[{"id":"x","id":"y","typeid":"D"}]""")]
    public async Task Body_OfAnotherForm_IsRefused(string body) => Assert.That(await StatusAsync(TestPost.Of("container", "create", body)), Is.EqualTo(400));

    [Test]
    public async Task Body_TooLarge_IsRefusedHoweverItIsPacked()
    {
        var large = Encoding.UTF8.GetBytes($"[{new string(' ', 192 * 1024)}{{}}]");
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(large);
        }

        var headers = TestPost.Headers("container", "create");
        Assert.That(await StatusAsync(new OmfPost(headers, large)), Is.EqualTo(413));
        headers["compression"] = "gzip";
        Assert.That(await StatusAsync(new OmfPost(headers, packed.ToArray())), Is.EqualTo(413));
        Assert.That(await StatusAsync(new OmfPost(headers, [1, 2, 3])), Is.EqualTo(400));
    }

    [TestCase("""[{"id":"E","enum":{"values":[{"name":"A","value":0}]}}]""", 409)]
    [TestCase("""[{"id":"F","enum":{"values":[{"name":"A","value":0},{"name":"B","value":0}]}}]""", 400)]
    [TestCase("""[{"id":"F","enum":{"values":[{"name":"A","value":70000}]}}]""", 400)]
    [TestCase("""[{"id":"F","type":"object","classification":"dynamic","properties":{"T":{"type":"string","isindex":true}}}]""", 400)]
    [TestCase("""[{"id":"F","type":"object","classification":"static","properties":{"T":{"type":"string"}}}]""", 400)]
    [TestCase("""[{"id":"F","type":"object","classification":"static","properties":{"T":{"type":"string","isindex":true},"X":{"type":"number","format":"int32"}}}]""", 400)]
    [TestCase("""[{"id":"F","type":"object","classification":"static","properties":{"T":{"type":"string","isindex":true},"X":{"reftypeid":"none"}}}]""", 404)]
    [TestCase("""[{"id":"F","type":"object","classification":"static","properties":{"T":{"type":"string","isIndex":true}}}]""", 400)]
    [TestCase("""[{"id":"__F","enum":{"values":[{"name":"A","value":0}]}}]""", 400)]
    public async Task Type_Wrong_IsRefused(string body, int status) => Assert.That(await StatusAsync(TestPost.Of("type", "create", body)), Is.EqualTo(status));

    [TestCase("""[{"id":"x","typeid":"none"}]""", 404)]
    [TestCase("""[{"id":"x","typeid":"S"}]""", 404)]
    [TestCase("""[{"id":"c","typeid":"D","name":"other"}]""", 409)]
    [TestCase("""[{"id":"x","typeid":"D"},{"id":"x","typeid":"D"}]""", 400)]
    [TestCase("""[{"id":"x","typeId":"D"}]""", 400)]
    public async Task Container_Wrong_IsRefused(string body, int status) => Assert.That(await StatusAsync(TestPost.Of("container", "create", body)), Is.EqualTo(status));

    [TestCase("\"I\":1", "\"I\":1.0")]
    [TestCase("\"I\":1", "\"I\":40000")]
    [TestCase("\"I\":1", "\"I\":\"1\"")]
    [TestCase("\"I\":1,", "")]
    [TestCase("\"I\":1", "\"I\":1,\"J\":1")]
    [TestCase("\"I\":1", "\"I\":null")]
    [TestCase("\"B\":true", "\"B\":1")]
    [TestCase("\"E\":1", "\"E\":2")]
    [TestCase("\"E\":1", "\"E\":\"B\"")]
    [TestCase("0000000Z", "0000000")]
    [TestCase("0000000Z", "0000000+01:00")]
    [TestCase("06:00:00", "26:00:00")]
    public async Task Value_Wrong_IsRefused(string right, string wrong) =>
        Assert.That(await StatusAsync(TestPost.Of("data", "create", Values(Value.Replace(right, wrong, StringComparison.Ordinal)))), Is.EqualTo(400));

    [Test]
    public async Task Value_OfAKnownIndex_IsTakenOnlyIfItIsTheSame()
    {
        Assert.That(await StatusAsync(TestPost.Of("data", "create", Values(Value))), Is.EqualTo(202));
        Assert.That(await StatusAsync(TestPost.Of("data", "create", Values(Value.Replace("1.5", "2.5", StringComparison.Ordinal)))), Is.EqualTo(409));
        Assert.That(await StatusAsync(TestPost.Of("data", "create", Values($"{Value},{Value}"))), Is.EqualTo(400));
        Assert.That(await StatusAsync(TestPost.Of("data", "create", Values(Value).Replace("\"c\"", "\"x\"", StringComparison.Ordinal))), Is.EqualTo(404));
        Assert.That((_receiver.ValuesOf("c").Count, _receiver.Repeated), Is.EqualTo((1, 1)));
    }

    [TestCase("""{"source":{"typeid":"S","index":"s"},"target":{"containerid":"c"}}""", 202)]
    [TestCase("""{"source":{"typeid":"S","index":"s"},"target":{"containerid":"x"}}""", 404)]
    [TestCase("""{"source":{"typeid":"S","index":"x"},"target":{"containerid":"c"}}""", 404)]
    [TestCase("""{"source":{"typeid":"S","index":"s"},"target":{"typeid":"S","index":"x"}}""", 404)]
    [TestCase("""{"source":{"containerid":"c"},"target":{"typeid":"S","index":"s"}}""", 400)]
    [TestCase("""{"source":{"typeid":"S","index":"s"}}""", 400)]
    public async Task Link_OfWhatIsNotThere_IsRefused(string link, int status) => Assert.That(
        await StatusAsync(TestPost.Of("data", "update", $$"""[{"typeid":"__Link","values":[{{link}}]}]""")), Is.EqualTo(status));

    [Test]
    public async Task Message_WrongInItsLastPart_ChangesNothing()
    {
        Assert.That(await StatusAsync(TestPost.Of("container", "create", """[{"id":"new","typeid":"D"},{"id":"x","typeid":"none"}]""")), Is.EqualTo(404));

        Assert.That(_receiver.Containers.Keys, Is.EqualTo(new[] { "c" }));
    }

    private static string Values(string values) => $$"""[{"containerid":"c","values":[{{values}}]}]""";

    private async Task<int> StatusAsync(OmfPost post) => (await _receiver.ReceiveAsync(post, default))!.Status;
}
