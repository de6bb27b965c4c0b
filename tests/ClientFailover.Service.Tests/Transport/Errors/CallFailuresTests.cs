using System.IO.Pipelines;
using ClientFailover.Service.Limits;
using ClientFailover.Service.Tests.Health;
using ClientFailover.Service.Tests.Limits;
using ClientFailover.Service.Transport.Errors;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Transport.Errors;

/// <summary>Which errors of reading are the caller's doing, and which are the service's own.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CallFailuresTests : IDisposable
{
    private readonly TestLifetime _lifetime = new();
    private readonly RecordingLogger<CallFailures> _log = new();
    private readonly LimitMeter _limits = new(new TestMeters());

    public void Dispose()
    {
        _lifetime.Dispose();
        _limits.Dispose();
    }

    [Test]
    public void Translate_ResetThatWasKeptUntilSomebodyRead_IsCancelledAndNoError()
    {
        // As the web server does it: nobody throws the error before the body is read.
        var body = new Pipe();
        body.Writer.Complete(new IOException("The client reset the request stream."));

        var answer = Translate(async () => await body.Reader.ReadAsync());

        Assert.That(answer, Is.EqualTo((StatusCode.Cancelled, "CANCELLED")));
        Assert.That(_log.Entries.Select(e => e.Level), Has.None.GreaterThan(LogLevel.Debug));
    }

    [Test]
    public void Translate_ErrorOfTheServicesOwn_IsInternalAndLogged() => MustBeInternal(Translate(Fail));

    [Test]
    public void Translate_ErrorOfTheServicesOwnThatWasKeptAndAwaited_IsInternalAndLogged()
    {
        // It is thrown again by what also throws a reset that was kept, but it was not there that it began.
        MustBeInternal(Translate(async () => await FailLaterAsync()));
    }

    [Test]
    public void Translate_NamespaceMakesTooManyRequests_IsCounted()
    {
        using var counts = new LimitCounts();
        var failures = new CallFailures(_lifetime, TimeProvider.System, refused: null!, counts.Meter, _log);

        failures.Translate(new FailureException(TenantFailures.RateLimited(1, TimeSpan.FromSeconds(1))), new CallOf(new DefaultHttpContext()));

        Assert.That(counts[LimitMeter.NamespaceRequests], Is.EqualTo(1));
    }

    private static Task Fail() => throw new IOException("The disk is gone.");

    private static async Task FailLaterAsync()
    {
        await Task.Yield();
        throw new IOException("The disk is gone.");
    }

    private void MustBeInternal((StatusCode, string?) answer)
    {
        Assert.That(answer, Is.EqualTo((StatusCode.Internal, "INTERNAL")));
        Assert.That(_log.Entries.Select(e => (e.Level, e.Id)), Is.EqualTo(new[] { (LogLevel.Error, 5001) }));
    }

    private (StatusCode Status, string? Reason) Translate(Func<Task> call)
    {
        // Nobody is refused access here.
        var failures = new CallFailures(_lifetime, TimeProvider.System, refused: null!, _limits, _log);
        var failed = Assert.ThrowsAsync<IOException>(() => call())!;
        var told = failures.Translate(failed, new CallOf(new DefaultHttpContext()));
        return (told.StatusCode, told.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason);
    }
}
