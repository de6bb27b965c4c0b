using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ClientFailover.Samples.Processes;
using NUnit.Framework;

namespace ClientFailover.Samples.Tests.Omf;

/// <summary>What the OMF receiver takes and refuses, over real HTTP.</summary>
[TestFixture]
internal sealed class ReceiverTests
{
    private TempFolder _folder = null!;
    private Receiver _receiver = null!;
    private OmfSender _sender = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _folder = new TempFolder();
        _receiver = await Receiver.StartAsync(_folder.File("omf.db"), 0, CancellationToken.None);
        _sender = new OmfSender(_receiver.Address);
    }

    [TearDown]
    public async Task StopAsync()
    {
        _sender.Dispose();
        await _receiver.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Type_NewSameAndOther_CreatedTakenAndConflict()
    {
        Assert.That(await _sender.SendAsync("type", OmfSender.Type), Is.EqualTo(HttpStatusCode.Created));
        Assert.That(await _sender.SendAsync("type", OmfSender.Type), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await _sender.SendAsync("type", OmfSender.Type.Replace("float64", "float32", StringComparison.Ordinal)), Is.EqualTo(HttpStatusCode.Conflict));
    }

    [Test]
    public async Task Type_BySixteenSendersAtOnce_OneCreatesIt()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => _sender.SendAsync("type", OmfSender.Type)));

        Assert.That(answers.Count(answer => answer == HttpStatusCode.Created), Is.EqualTo(1));
        Assert.That(answers.Count(answer => answer == HttpStatusCode.OK), Is.EqualTo(15));
    }

    [Test]
    public async Task Container_BeforeItsType_NotFound()
    {
        Assert.That(await _sender.SendAsync("container", """[{ "id": "c", "typeid": "T" }]"""), Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Container_WithAnotherType_Conflict()
    {
        await _sender.PrepareAsync("c");
        await _sender.SendAsync("type", OmfSender.Type.Replace("\"T\"", "\"U\"", StringComparison.Ordinal));

        Assert.That(await _sender.SendAsync("container", """[{ "id": "c", "typeid": "U" }]"""), Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(await _sender.SendAsync("container", """[{ "id": "c", "typeid": "T" }]"""), Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Data_BeforeItsContainer_NotFoundAndNothingStored()
    {
        await _sender.PrepareAsync("c");
        var both = OmfSender.Values("c", 1)[..^1] + "," + OmfSender.Values("d", 1)[1..];

        Assert.That(await _sender.SendAsync("data", both), Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await _sender.GetAsync("streams"))[0].GetProperty("values").GetInt32(), Is.Zero);
    }

    [TestCase("""{ "Timestamp": "2026-01-01T00:00:00Z", "Value": 1, "Other": 1 }""", Description = "a property that the type has not")]
    [TestCase("""{ "Timestamp": "2026-01-01T00:00:00Z", "Value": "1" }""", Description = "a text for a number")]
    [TestCase("""{ "Timestamp": "2026-01-01T00:00:00Z", "Value": null }""", Description = "null for a number")]
    [TestCase("""{ "Timestamp": "2026-01-01T00:00:00Z", "Sequence": 1.5 }""", Description = "a fraction for an integer")]
    [TestCase("""{ "Timestamp": "yesterday", "Value": 1 }""", Description = "no time")]
    [TestCase("""{ "Value": 1 }""", Description = "no index")]
    public async Task Data_NotOfItsType_BadRequest(string value)
    {
        await _sender.PrepareAsync("c");

        Assert.That(
            await _sender.SendAsync("data", $$"""[{ "containerid": "c", "values": [{{value}}] }]"""),
            Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [TestCase("messageformat", "xml", HttpStatusCode.BadRequest)]
    [TestCase("omfversion", "1.1", HttpStatusCode.BadRequest)]
    [TestCase("action", "destroy", HttpStatusCode.BadRequest)]
    [TestCase("action", "delete", HttpStatusCode.NotImplemented)]
    [TestCase("compression", "zip", HttpStatusCode.BadRequest)]
    public async Task Header_Wrong_Refused(string name, string value, HttpStatusCode expected)
    {
        await _sender.PrepareAsync("c");
        _sender.Headers[name] = value;

        Assert.That(await _sender.SendAsync("data", OmfSender.Values("c", 1)), Is.EqualTo(expected));
    }

    [Test]
    public async Task Data_Gzip_Stored()
    {
        await _sender.PrepareAsync("c");
        _sender.Headers["compression"] = "gzip";

        Assert.That(await _sender.SendAsync("data", OmfSender.Gzip(OmfSender.Values("c", 1, 2))), Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(await _sender.SendAsync("data", OmfSender.Values("c", 1, 2)), Is.EqualTo(HttpStatusCode.BadRequest), "not compressed");
        Assert.That((await _sender.GetAsync("streams"))[0].GetProperty("values").GetInt32(), Is.EqualTo(2));
    }

    [Test]
    public async Task Data_LargerThanTheLimit_TooLarge()
    {
        await _sender.PrepareAsync("c");
        var large = OmfSender.Values("c", Enumerable.Range(0, 4000));
        Assert.That(large, Has.Length.GreaterThan(192 * 1024));

        Assert.That(await _sender.SendAsync("data", large), Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        _sender.Headers["compression"] = "gzip";
        Assert.That(await _sender.SendAsync("data", OmfSender.Gzip(large)), Is.EqualTo(HttpStatusCode.RequestEntityTooLarge), "large when inflated");
    }

    [Test]
    public async Task Report_GapsDuplicatesAndSenders_Told()
    {
        await _sender.PrepareAsync("c");
        _sender.Headers["adapter-name"] = "A";
        await _sender.SendAsync("data", OmfSender.Values("c", 1, 2, 3));
        _sender.Headers["adapter-name"] = "B";
        await _sender.SendAsync("data", OmfSender.Values("c", 3, 4, 8));
        await _sender.SendAsync("data", OmfSender.Values("c", 5));

        var report = await _sender.GetAsync("report?stream=c");

        var total = report.GetProperty("total");
        var gap = report.GetProperty("gaps")[0];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(total.GetProperty("values").GetInt32(), Is.EqualTo(6));
            Assert.That(total.GetProperty("duplicates").GetInt32(), Is.EqualTo(1));
            Assert.That(total.GetProperty("conflicts").GetInt32(), Is.Zero);
            Assert.That(total.GetProperty("missing").GetInt32(), Is.EqualTo(2));
            Assert.That(total.GetProperty("outOfOrder").GetInt32(), Is.EqualTo(1));
            Assert.That(total.GetProperty("late").GetInt32(), Is.EqualTo(6), "these times are long over");
            Assert.That((gap.GetProperty("after").GetInt32(), gap.GetProperty("before").GetInt32()), Is.EqualTo((5, 8)));
            Assert.That(
                report.GetProperty("senders").EnumerateArray().Select(sender =>
                    (sender.GetProperty("name").GetString(), sender.GetProperty("values").GetInt32(), sender.GetProperty("duplicates").GetInt32())),
                Is.EqualTo(new[] { ("A", 3, 0), ("B", 3, 1) }));
        }
    }

    [Test]
    public async Task Timeline_TwoSenders_ToldWithFirstMessage()
    {
        await _sender.PrepareAsync("c");
        _sender.Headers["adapter-name"] = "A";
        await _sender.SendAsync("data", OmfSender.Values("c", 1, 2, 3));
        _sender.Headers["adapter-name"] = "B";
        await _sender.SendAsync("data", OmfSender.Values("c", 3, 4));

        foreach (var path in new[] { "timeline?bucket=3600", "timeline?bucket=3600&stream=c" })
        {
            var timeline = await _sender.GetAsync(path);
            Assert.That(
                timeline.EnumerateArray().GroupBy(entry => entry.GetProperty("sender").GetString()).Select(sender =>
                    (sender.Key, sender.Sum(entry => entry.GetProperty("values").GetInt32()), sender.Sum(entry => entry.GetProperty("duplicates").GetInt32()))),
                Is.EquivalentTo(new[] { ("A", 3, 0), ("B", 1, 1) }),
                path);
        }

        var first = await _sender.GetAsync("first?sender=B");
        Assert.That(first.GetProperty("arrived").GetDateTime(), Is.EqualTo(DateTime.UtcNow).Within(TimeSpan.FromMinutes(5)));
    }

    [Test]
    public async Task Kill_WhileFourSend_NothingLostThatWasAnswered()
    {
        await _sender.PrepareAsync("c0", "c1", "c2", "c3");
        var answered = new int[4];
        var sending = Enumerable.Range(0, 4).Select(async stream =>
        {
            try
            {
                for (var batch = 0; ; batch++)
                {
                    if (await _sender.SendAsync("data", OmfSender.Values($"c{stream}", Enumerable.Range(batch * 50, 50))) == HttpStatusCode.NoContent)
                    {
                        Volatile.Write(ref answered[stream], (batch + 1) * 50);
                    }
                }
            }
            catch (HttpRequestException)
            {
                // Killed.
            }
        }).ToArray();
        await Patience.UntilAsync(() => answered.All(count => count >= 500), "Values are taken.");
        await _receiver.KillAsync();
        await Task.WhenAll(sending).WaitAsync(Patience.Limit);

        await _receiver.DisposeAsync();
        _receiver = await Receiver.StartAsync(_folder.File("omf.db"), 0, CancellationToken.None);
        using var reader = new OmfSender(_receiver.Address);
        var streams = await reader.GetAsync("streams");

        for (var stream = 0; stream < 4; stream++)
        {
            var values = streams[stream].GetProperty("values").GetInt32();
            Assert.That(values, Is.GreaterThanOrEqualTo(answered[stream]), $"c{stream}");
            Assert.That(values % 50, Is.Zero, "A message is there as a whole or not at all.");
            Assert.That(streams[stream].GetProperty("missing").GetInt32(), Is.Zero);
        }
    }

    [Test]
    public async Task Data_WrongPassword_Unauthorized()
    {
        await using var receiver = await Receiver.StartAsync(_folder.File("closed.db"), 0, CancellationToken.None, "--UserName", "u", "--Password", "p");
        using var sender = new OmfSender(receiver.Address);

        Assert.That(await sender.SendAsync("type", OmfSender.Type), Is.EqualTo(HttpStatusCode.Unauthorized));
        sender.Headers["Authorization"] = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("u:p"))).ToString();
        Assert.That(await sender.SendAsync("type", OmfSender.Type), Is.EqualTo(HttpStatusCode.Created));
    }
}
