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
    public async Task Add_CallerDoesNotReadTheOnesBefore_IsRefusedUntilItDoes()
    {
        var first = new Request("alice");
        _answers.Add(first.Http, Mebibyte);

        Assert.That(() => _answers.Add(new Request("alice").Http, Mebibyte / 2), Throws.InstanceOf<FailureException>().With.Property("Failure").EqualTo(TenantFailures.TooManyAnswers));
        Assert.That(_counts[LimitMeter.Answers], Is.EqualTo(1));
        _answers.Add(new Request("bob").Http, Mebibyte);
        _answers.Add(new Request("alice").Http, UnreadAnswers.Smallest);

        await first.CompleteAsync();
        _answers.Add(new Request("alice").Http, Mebibyte / 2);
    }

    [Test]
    public void Add_OneAnswerLargerThanAllThatIsAllowed_IsLetIn() => _answers.Add(new Request("alice").Http, 100L * Mebibyte);

    [TestCase(Mebibyte / 2, 5)]
    [TestCase(10 * Mebibyte, 15)]
    public void Add_NobodyReadsIt_IsEndedWhenItsTimeIsOver(int bytes, int seconds)
    {
        var request = new Request("alice");
        _answers.Add(request.Http, bytes);

        _time.Advance(TimeSpan.FromSeconds(seconds - 1));
        Assert.That(request.IsAborted, Is.False);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That((request.IsAborted, _counts[LimitMeter.Answers]), Is.EqualTo((true, 1)));
        _answers.Add(new Request("alice").Http, Mebibyte);
    }

    [Test]
    public async Task Add_IsReadInTime_NothingOfTheRequestIsTouched()
    {
        var request = new Request("alice");
        _answers.Add(request.Http, Mebibyte);

        await request.CompleteAsync();
        _time.Advance(10 * Most);

        Assert.That((request.IsAborted, _counts[LimitMeter.Answers]), Is.EqualTo((false, 0)));
    }

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
