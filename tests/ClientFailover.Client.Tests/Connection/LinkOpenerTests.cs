using ClientFailover.Client.Connection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Client.Tests.Connection;

/// <summary>Which transport and which endpoint.</summary>
[TestFixture]
public sealed class LinkOpenerTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedTransport _stream = new("stream");
    private readonly ScriptedTransport _rest = new("rest");

    [SetUp]
    public void Forget()
    {
        _stream.Answer = _rest.Answer = null;
        _stream.Endpoints.Clear();
        _rest.Endpoints.Clear();
    }

    [Test]
    public async Task Open_Auto_StreamFirst()
    {
        Assert.That(await OpenAsync(New()), Is.EqualTo("stream"));
        Assert.That(_rest.Endpoints, Is.Empty);
    }

    [Test]
    public async Task Open_AutoWithoutGrpc_RestAndNoStreamForAMinute()
    {
        _stream.Answer = LinkFailure.NotStream;
        var opener = New();

        Assert.That(await OpenAsync(opener), Is.EqualTo("rest"));
        Assert.That(await OpenAsync(opener), Is.EqualTo("rest"));
        Assert.That(_stream.Endpoints, Has.Count.EqualTo(1));

        _stream.Answer = null;
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(await OpenAsync(opener), Is.EqualTo("stream"));
    }

    [TestCase(nameof(LinkFailure.Unreachable))]
    [TestCase(nameof(LinkFailure.Unauthenticated))]
    [TestCase(nameof(LinkFailure.Denied))]
    [TestCase(nameof(LinkFailure.Refused))]
    public void Open_AutoOtherFailure_NoRest(string name)
    {
        var failure = Enum.Parse<LinkFailure>(name);
        _stream.Answer = failure;

        Assert.That(Assert.ThrowsAsync<LinkException>(() => OpenAsync(New()))!.Failure, Is.EqualTo(failure));
        Assert.That(_rest.Endpoints, Is.Empty);
    }

    [Test]
    public void Open_StreamOnly_NoRest()
    {
        _stream.Answer = LinkFailure.NotStream;

        Assert.That(() => OpenAsync(New(o => o.Transport = FailoverTransport.Stream)), Throws.InstanceOf<LinkException>());
        Assert.That(_rest.Endpoints, Is.Empty);
    }

    [Test]
    public async Task Open_RestOnly_NoStream()
    {
        Assert.That(await OpenAsync(New(o => o.Transport = FailoverTransport.Rest)), Is.EqualTo("rest"));
        Assert.That(_stream.Endpoints, Is.Empty);
    }

    [Test]
    public async Task Open_HelloSwallowedTwice_Rest()
    {
        _stream.Silent = true;
        try
        {
            var opener = New();
            var first = OpenAsync(opener);
            _time.Advance(TimeSpan.FromSeconds(10));
            Assert.That(async () => await first.Soon(), Throws.InstanceOf<LinkException>());

            var second = OpenAsync(opener);
            _time.Advance(TimeSpan.FromSeconds(10));
            Assert.That(await second.Soon(), Is.EqualTo("rest"));
        }
        finally
        {
            _stream.Silent = false;
        }
    }

    [TestCase(60, 10)]
    [TestCase(10, 5)]
    [TestCase(2, 2)]
    [TestCase(0.2, 2)]
    public async Task Open_NoAnswer_GivenUpAfterHalfTheTimeoutButNotBeforeTwoSeconds(double timeout, double patience)
    {
        _stream.Silent = true;
        try
        {
            var opening = OpenAsync(New(o => o.Transport = FailoverTransport.Stream), timeout);
            _time.Advance(TimeSpan.FromSeconds(patience) - TimeSpan.FromMilliseconds(1));
            Assert.That(opening.IsCompleted, Is.False);
            _time.Advance(TimeSpan.FromMilliseconds(1));

            Assert.That(async () => await opening.Soon(), Throws.InstanceOf<LinkException>());
        }
        finally
        {
            _stream.Silent = false;
        }
    }

    [TestCase(60, 10, 10)]
    [TestCase(8, 2, 4)]
    [TestCase(2, 0.75, 2)]
    public async Task Open_NoAnswerWhereThereWasOne_GivenUpSoonOnce(double timeout, double first, double second)
    {
        var opener = New(o => o.Transport = FailoverTransport.Stream);
        await OpenAsync(opener, timeout);
        _stream.Silent = true;
        try
        {
            foreach (var patience in new[] { first, second })
            {
                var opening = OpenAsync(opener, timeout);
                _time.Advance(TimeSpan.FromSeconds(patience) - TimeSpan.FromMilliseconds(1));
                Assert.That(opening.IsCompleted, Is.False);
                _time.Advance(TimeSpan.FromMilliseconds(1));

                Assert.That(async () => await opening.Soon(), Throws.InstanceOf<LinkException>());
            }
        }
        finally
        {
            _stream.Silent = false;
        }
    }

    [Test]
    public void Open_AutoNeitherAnswers_SaysWhy()
    {
        _stream.Answer = LinkFailure.NotStream;
        _rest.Answer = LinkFailure.Unreachable;

        Assert.That(Assert.ThrowsAsync<LinkException>(() => OpenAsync(New()))!.Message, Is.EqualTo("rest"));
    }

    [Test]
    public void Next_SeveralEndpoints_InTurnAndAPauseAfterEachRound()
    {
        _stream.Answer = LinkFailure.Unreachable;
        var opener = New(o => o.AdditionalEndpoints.Add(new Uri("https://two/")));
        var rounds = new List<bool>();

        for (var i = 0; i < 4; i++)
        {
            Assert.ThrowsAsync<LinkException>(() => OpenAsync(opener));
            rounds.Add(opener.Next());
        }

        Assert.That(_stream.Endpoints, Is.EqualTo(new[] { "https://one/", "https://two/", "https://one/", "https://two/" }));
        Assert.That(rounds, Is.EqualTo(new[] { false, true, false, true }));
    }

    [Test]
    public async Task Prefer_NamedEndpoints_FirstAndWithTheConfiguredPathAndNeverWithoutTls()
    {
        var opener = New(o => o.Endpoint = new Uri("https://one/api/v1/clientfailover"));

        opener.Prefer([new Uri("http://clear/"), new Uri("https://two:5590")]);
        await OpenAsync(opener);
        opener.Next();
        await OpenAsync(opener);

        Assert.That(_stream.Endpoints, Is.EqualTo(new[] { "https://two:5590/api/v1/clientfailover/", "https://one/api/v1/clientfailover/" }));
    }

    private static async Task<string> OpenAsync(LinkOpener opener, double timeout = 60)
    {
        var request = new JoinRequest("g", TimeSpan.FromSeconds(timeout), TimeSpan.FromSeconds(timeout), "s", "n", FailoverMode.Hot, OnServiceLost.KeepRole, false, null);
        return ((ScriptedTransport.Link)await opener.OpenAsync(request, CancellationToken.None)).Name;
    }

    private LinkOpener New(Action<FailoverOptions>? change = null)
    {
        var options = new FailoverOptions { Endpoint = new Uri("https://one/") };
        change?.Invoke(options);
        return new LinkOpener(options, _stream, _rest, null, _time, NullLogger.Instance);
    }
}
