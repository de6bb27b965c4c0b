using ClientFailover.Client.Connection;
using ClientFailover.Client.Connection.Credentials;
using ClientFailover.Client.Connection.Rest;
using ClientFailover.Client.Connection.Roles;
using ClientFailover.Client.Connection.Streams;
using ClientFailover.Client.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ClientFailover.Client;

/// <summary>
/// Responsible for an adapter's membership of its group: connects to the service and stays connected, sends heartbeats, and tells the
/// member its role.
/// </summary>
/// <remarks>
/// Not guaranteed: that nobody else is Primary while the service cannot be reached. By default a Primary keeps its role then, as
/// adapters in the field do; see <see cref="OnServiceLost"/>. Whoever needs exclusion compares terms at the destination.
/// </remarks>
public sealed partial class FailoverClient : IFailoverClient, IAsyncDisposable
{
    private static readonly TimeSpan LeaveTime = TimeSpan.FromSeconds(5);

    // A member that does not finish must not cost the goodbye, which is what lets another take over at once.
    private static readonly TimeSpan FinishTime = LeaveTime * 0.7;
    private static readonly TimeSpan DisposeTime = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly bool _stepsDown;
    private readonly BearerCredential? _bearer;
    private readonly MemberCalls _member;
    private readonly RoleBoard _board;
    private readonly RoleKeeper _roles;
    private readonly Connector _connector;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private Task? _running;
    private Task? _stopping;

    /// <summary>Makes a client, which does nothing before it is started.</summary>
    /// <param name="options">The configuration. A change of <see cref="FailoverOptions.Mode"/> is told to the service with the next connection.</param>
    /// <param name="member">The program that takes part.</param>
    /// <param name="time">The clock; null: the system's.</param>
    /// <param name="loggerFactory">The log; null: none.</param>
    /// <param name="service">A fake to speak to instead of the configured endpoint, in tests; null: none.</param>
    /// <exception cref="OptionsValidationException">The configuration has mistakes; the exception names all of them.</exception>
    public FailoverClient(
        FailoverOptions options,
        IFailoverMember member,
        TimeProvider? time = null,
        ILoggerFactory? loggerFactory = null,
        FakeFailoverService? service = null)
        : this(
            options, member, time ?? TimeProvider.System, loggerFactory ?? NullLoggerFactory.Instance, service is null ? null : (service, service),

            // In virtual time a test would have to wait for a jitter that it cannot know.
            service is null ? Random.Shared.NextDouble : () => 0)
    {
    }

    /// <summary>As the public one, with the transports and the jitter of a test.</summary>
    internal FailoverClient(
        FailoverOptions options,
        IFailoverMember member,
        TimeProvider time,
        ILoggerFactory loggerFactory,
        (ITransport OverStream, ITransport OverRest)? transports,
        Func<double> random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(member);
        FailoverOptionsRules.ThrowIfWrong(options);
        _time = time;
        _logger = loggerFactory.CreateLogger<FailoverClient>();
        _stepsDown = options.OnServiceLost == OnServiceLost.StepDown;
        _member = new MemberCalls(member, time, _logger);
        _board = new RoleBoard(time.GetUtcNow());
        _roles = new RoleKeeper(_board, _member, time, _stepsDown, _logger) { FailoverTimeout = options.FailoverTimeout };
        var http = new HttpConnections(options, new ServerTrust(options, time, _logger), _logger);
        http.Credential = options switch
        {
            { UserName: { Length: > 0 } user } => new BasicCredential(user, options.Password ?? ""),
            { ClientId.Length: > 0 } => _bearer = new BearerCredential(options, http.CreatePlainHandler, time),
            _ => null,
        };
        var (stream, rest) = transports ?? (new StreamTransport(http), new RestTransport(http, time));
        var opener = new LinkOpener(options, stream, rest, http.Credential, time, _logger);
        _connector = new Connector(opener, _roles, _member, () => Describe(options), time, random, _logger);
    }

    /// <inheritdoc/>
    public RoleState Role
    {
        get
        {
            _roles.CheckLease();
            return _board.Current;
        }
    }

    /// <inheritdoc/>
    public CancellationToken WhilePrimary
    {
        get
        {
            _roles.CheckLease();
            return _board.WhilePrimary;
        }
    }

    /// <inheritdoc/>
    public ConnectionState Connection => _connector.State;

    /// <inheritdoc/>
    public TimeSpan FailoverTimeout => _roles.FailoverTimeout;

    /// <inheritdoc/>
    public IAsyncEnumerable<RoleState> RoleChangesAsync(CancellationToken cancellation = default) => _board.ReadAsync(cancellation);

    /// <inheritdoc/>
    public void ReportSoon() => _connector.Session?.ReportSoon();

    /// <summary>Starts to take part, and returns at once. What goes wrong with the connection is logged and tried again for ever.</summary>
    /// <exception cref="InvalidOperationException">It was started before.</exception>
    public void Start()
    {
        lock (_gate)
        {
            if (_running is not null || _stopping is not null)
            {
                throw new InvalidOperationException("A failover client is started once. Make a new one to take part again.");
            }

            _running = Task.Run(RunUntilStoppedAsync);
        }
    }

    /// <summary>Takes part until it is cancelled, then leaves the group as <see cref="StopAsync"/> does.</summary>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>A task that ends when it has left; cancellation is no error.</returns>
    /// <exception cref="InvalidOperationException">It was started before.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        Start();
        try
        {
            await _running!.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await StopAsync(unregister: true, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Leaves the group: a Primary finishes what is in flight (<see cref="IFailoverMember.DrainAsync"/>), a last heartbeat and a goodbye
    /// are sent, and the member becomes Secondary. Takes at most about 5 s, of which the member has 3.5 s, whether or not the service answers.
    /// </summary>
    /// <param name="unregister">
    /// True: the session is deleted, and another adapter takes over at once. False: it only disconnects; it keeps its role in the
    /// group for as long as a failover timeout, for a restart that is quicker than that.
    /// </param>
    /// <param name="cancellation">Cuts the leaving short.</param>
    /// <returns>A task that ends when it has left.</returns>
    public Task StopAsync(bool unregister = true, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            return _stopping ??= StopOnceAsync(unregister, finish: true, cancellation);
        }
    }

    /// <summary>
    /// Stops without leaving the group, unless it was left before: as <see cref="StopAsync"/> with <c>unregister: false</c>, but what is in
    /// flight is not waited for.
    /// </summary>
    /// <returns>A task that ends when it has stopped.</returns>
    public async ValueTask DisposeAsync()
    {
        Task stopping;
        lock (_gate)
        {
            stopping = _stopping ??= StopOnceAsync(unregister: false, finish: false, CancellationToken.None);
        }

        await stopping.ConfigureAwait(false);
        _stop.Dispose();
        _bearer?.Dispose();
    }

    private JoinRequest Describe(FailoverOptions options) => new(
        options.FailoverGroupId,
        options.FailoverTimeout,
        _roles.FailoverTimeout,
        options.SessionId is { Length: > 0 } id ? id : AdapterProgram.SessionId,
        options.Name is { Length: > 0 } name ? name : AdapterProgram.SessionName,
        options.Mode,
        options.OnServiceLost,
        options.SourceTimestamps,
        _roles.LastKnownTerm);

    private async Task RunUntilStoppedAsync()
    {
        await using var watch = _stepsDown ? new LeaseWatch(_roles, _time) : null;
        try
        {
            await _connector.RunAsync(_stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopped.
        }
    }
}
