using System.Net;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Limits;
using ClientFailover.Service.Transport.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Limits;

/// <summary>Long answers, by whether they are read.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class UnreadAnswersTests : IDisposable
{
    private const int Mebibyte = 1024 * 1024;

    private static readonly TimeSpan Most = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _time = new();
    private readonly LimitCounts _counts = new();
    private readonly UnreadAnswers _answers;

    public UnreadAnswersTests() =>
        _answers = new UnreadAnswers(new ServiceOptions { AnswerTimeout = Most, MaxUnreadBytesPerCaller = Mebibyte }, _counts.Meter, _time);

    public void Dispose()
    {
        _answers.Dispose();
        _counts.Dispose();
    }

    [Test]
    public async Task AddAsync_CallerDoesNotReadTheOnesBefore_IsRefusedUntilItDoes()
    {
        var first = new Request("alice");
        Add(first, Mebibyte);

        var second = _answers.AddAsync(new Request("alice").Http, Mebibyte / 2).AsTask();
        for (var i = 0; i < 10; i++)
        {
            Assert.That(second.IsCompleted, Is.False);
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.That(async () => await second, Throws.InstanceOf<FailureException>().With.Property("Failure").EqualTo(TenantFailures.TooManyAnswers));
        Assert.That(_counts[LimitMeter.Answers], Is.EqualTo(1));
        Add(new Request("bob"), Mebibyte);
        Add(new Request("alice"), (int)UnreadAnswers.Smallest);

        await first.CompleteAsync();
        Add(new Request("alice"), Mebibyte / 2);
    }

    [Test]
    public async Task AddAsync_TheOneBeforeIsReadMeanwhile_IsLetIn()
    {
        var first = new Request("alice");
        Add(first, Mebibyte);
        var second = _answers.AddAsync(new Request("alice").Http, Mebibyte).AsTask();
        Assert.That(second.IsCompleted, Is.False);

        await first.CompleteAsync();
        _time.Advance(TimeSpan.FromMilliseconds(100));

        await second;
        Assert.That(_counts[LimitMeter.Answers], Is.Zero);
    }

    [Test]
    public void AddAsync_OneAnswerLargerThanAllThatIsAllowed_IsLetIn() => Add(new Request("alice"), 100 * Mebibyte);

    [TestCase(Mebibyte / 2, 5)]
    [TestCase(10 * Mebibyte, 15)]
    public void AddAsync_NobodyReadsIt_IsEndedWhenItsTimeIsOver(int bytes, int seconds)
    {
        var request = new Request("alice");
        Add(request, bytes);

        _time.Advance(TimeSpan.FromSeconds(seconds - 1));
        Assert.That(request.IsAborted, Is.False);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That((request.IsAborted, _counts[LimitMeter.Answers]), Is.EqualTo((true, 1)));
        Add(new Request("alice"), Mebibyte);
    }

    [Test]
    public async Task AddAsync_IsReadInTime_NothingOfTheRequestIsTouched()
    {
        var request = new Request("alice");
        Add(request, Mebibyte);

        await request.CompleteAsync();
        _time.Advance(10 * Most);

        Assert.That((request.IsAborted, _counts[LimitMeter.Answers]), Is.EqualTo((false, 0)));
    }

    private void Add(Request request, int bytes) => Assert.That(_answers.AddAsync(request.Http, bytes).AsTask().IsCompletedSuccessfully, Is.True);

    private sealed class Request : HttpResponseFeature, IHttpRequestLifetimeFeature
    {
        private Func<Task> _completed = () => Task.CompletedTask;

        public Request(string caller)
        {
            Http = new DefaultHttpContext { User = new CallerPrincipal(new Caller(caller, CallerKind.User, caller, null, [Roles.Users], "Basic")) };
            Http.Features.Set<IHttpResponseFeature>(this);
            Http.Features.Set<IHttpRequestLifetimeFeature>(this);
            Http.Connection.RemoteIpAddress = IPAddress.Loopback;
        }

        public DefaultHttpContext Http { get; }

        public bool IsAborted { get; private set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => IsAborted = true;

        public override void OnCompleted(Func<object, Task> callback, object state) => _completed = () => callback(state);

        public Task CompleteAsync() => _completed();
    }
}
