using ClientFailover.Service.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Hosting;

public sealed class BackgroundFailureTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly InvalidOperationException _problem = new("It failed.");

    [Test]
    public async Task Exception_ServiceFailsWhileItRuns_IsWhatItFailedOf()
    {
        var isStarted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (host, failure) = Create(new Work(async _ =>
        {
            await isStarted.Task;
            throw _problem;
        }));
        using var started = Lifetime(host).ApplicationStarted.Register(isStarted.SetResult);

        await host.RunAsync().WaitAsync(Patience);

        Assert.That(failure.Exception, Is.SameAs(_problem));
    }

    [Test]
    public async Task Exception_ServiceFailsWhileItIsStopped_IsNone()
    {
        var (host, failure) = Create(new Work(async stopping =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, stopping).ContinueWith(_ => { }, TaskScheduler.Default);
            throw _problem;
        }));
        var lifetime = Lifetime(host);
        using var started = lifetime.ApplicationStarted.Register(lifetime.StopApplication);

        await host.RunAsync().WaitAsync(Patience);

        Assert.That(failure.Exception, Is.Null);
    }

    private static IHostApplicationLifetime Lifetime(IHost host) => host.Services.GetRequiredService<IHostApplicationLifetime>();

    private static (IHost Host, BackgroundFailure Failure) Create(Work work)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<IHostedService>(work);
        var host = builder.Build();
        return (host, new BackgroundFailure(host));
    }

    private sealed class Work(Func<CancellationToken, Task> work) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Task.Yield();
            await work(stoppingToken);
        }
    }
}
