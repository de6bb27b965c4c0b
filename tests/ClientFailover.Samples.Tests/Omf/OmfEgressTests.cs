using System.Net;
using ClientFailover.Client;
using ClientFailover.Samples.Omf;
using ClientFailover.Samples.Processes;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace ClientFailover.Samples.Tests.Omf;

/// <summary>The egress against the real receiver.</summary>
[TestFixture]
internal sealed class OmfEgressTests
{
    private TempFolder _folder = null!;
    private Receiver _receiver = null!;
    private OmfSender _reader = null!;
    private OmfEgress _egress = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _folder = new TempFolder();
        _receiver = await Receiver.StartAsync(_folder.File("omf.db"), 0, CancellationToken.None);
        _reader = new OmfSender(_receiver.Address);
        _egress = new OmfEgress(new OmfOptions { Endpoint = _receiver.Omf, AdapterName = "A" }, TimeProvider.System, NullLogger<OmfEgress>.Instance);
    }

    [TearDown]
    public async Task StopAsync()
    {
        _egress.Dispose();
        _reader.Dispose();
        await _receiver.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Send_SameValuesTwice_StoredOnce()
    {
        List<DataItem> batch = [.. Batch.Of("a", 1, 2, 3), .. Batch.Of("b", 1, 2)];

        await _egress.SendAsync(batch, Batch.Context, CancellationToken.None);
        await _egress.SendAsync(batch, Batch.Context, CancellationToken.None);

        var streams = await _reader.GetAsync("streams");
        Assert.That(
            streams.EnumerateArray().Select(stream =>
                (stream.GetProperty("stream").GetString(), stream.GetProperty("values").GetInt32(), stream.GetProperty("duplicates").GetInt32())),
            Is.EqualTo(new[] { ("a", 3, 3), ("b", 2, 2) }));
        Assert.That((await _reader.GetAsync("report?stream=a")).GetProperty("senders")[0].GetProperty("name").GetString(), Is.EqualTo("A"));
    }

    [Test]
    public async Task Send_MoreThanAMessageHolds_AllStored()
    {
        await _egress.SendAsync(Batch.Of("a", Enumerable.Range(1, 5000)), Batch.Context, CancellationToken.None);

        var stream = (await _reader.GetAsync("streams"))[0];
        Assert.That((stream.GetProperty("values").GetInt32(), stream.GetProperty("missing").GetInt32()), Is.EqualTo((5000, 0)));
        Assert.That((await _reader.GetAsync("timeline?bucket=3600")).GetArrayLength(), Is.GreaterThan(0));
    }

    [Test]
    public async Task Send_ValueThatOmfCannotExpress_RejectedAndTheOthersStored()
    {
        var item = Batch.Item("a", 2) with { Payload = new Measurement(double.NaN, 2).ToPayload() };

        Assert.That(
            async () => await _egress.SendAsync([Batch.Item("a", 1), item, Batch.Item("a", 3)], Batch.Context, CancellationToken.None),
            Throws.TypeOf<DataRejectedException>().With.Message.StartsWith("1 of 3"));
        Assert.That((await _reader.GetAsync("streams"))[0].GetProperty("values").GetInt32(), Is.EqualTo(2));
    }

    [Test]
    public async Task Send_DestinationSetUpAnew_ContainersCreatedAgain()
    {
        await _egress.SendAsync(Batch.Of("a", 1), Batch.Context, CancellationToken.None);
        var port = _receiver.Address.Port;
        await _receiver.DisposeAsync();
        _receiver = await Receiver.StartAsync(_folder.File("new.db"), port, CancellationToken.None);

        await _egress.SendAsync(Batch.Of("a", 2), Batch.Context, CancellationToken.None);

        Assert.That((await _reader.GetAsync("streams"))[0].GetProperty("values").GetInt32(), Is.EqualTo(1));
    }

    [Test]
    public async Task Send_ReceiverKilledAgainAndAgain_NothingLost()
    {
        const int batches = 60;
        var port = _receiver.Address.Port;
        var sent = 0;
        var sending = Task.Run(async () =>
        {
            for (; sent < batches; Interlocked.Increment(ref sent))
            {
                while (!await TrySendAsync(Batch.Of("a", Enumerable.Range(sent * 500, 500))))
                {
                    await Task.Delay(20);
                }
            }
        });
        foreach (var until in new[] { 10, 25, 40 })
        {
            await Patience.UntilAsync(() => Volatile.Read(ref sent) >= until, "Values are taken.");
            await _receiver.KillAsync();
            await _receiver.DisposeAsync();
            _receiver = await Receiver.StartAsync(_folder.File("omf.db"), port, CancellationToken.None);
        }

        await sending.WaitAsync(Patience.Limit);

        var stream = (await _reader.GetAsync("streams"))[0];
        Assert.That((stream.GetProperty("values").GetInt32(), stream.GetProperty("missing").GetInt32()), Is.EqualTo((batches * 500, 0)));
        Assert.That(stream.GetProperty("conflicts").GetInt32(), Is.Zero);
    }

    [Test]
    public void Send_NobodyThere_ThrowsForAnotherAttempt()
    {
        using var egress = new OmfEgress(new OmfOptions { Endpoint = new Uri("http://127.0.0.1:1/omf") }, TimeProvider.System, NullLogger<OmfEgress>.Instance);

        Assert.That(
            async () => await egress.SendAsync(Batch.Of("a", 1), Batch.Context, CancellationToken.None),
            Throws.TypeOf<HttpRequestException>().With.Property(nameof(HttpRequestException.StatusCode)).EqualTo(default(HttpStatusCode?)));
    }

    private async Task<bool> TrySendAsync(List<DataItem> batch)
    {
        try
        {
            await _egress.SendAsync(batch, Batch.Context, CancellationToken.None);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
