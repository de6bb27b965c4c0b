using ClientFailover.Engine;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Transport.Errors;

namespace ClientFailover.Service.Limits;

/// <summary>
/// Responsible for the long answers that are being made or wait to be read: how many bytes of them there are of each caller, and for how long. The web
/// server keeps an answer for as long as its reader likes, and the framework makes all of it at once.
/// </summary>
/// <param name="options">The limits.</param>
/// <param name="meter">Counts.</param>
/// <param name="time">The clock.</param>
internal sealed class UnreadAnswers(ServiceOptions options, LimitMeter meter, TimeProvider time) : IDisposable
{
    /// <summary>Answers up to this take no more than any request does.</summary>
    public const long Smallest = 4096;

    /// <summary>For each so many bytes there is a second more: a slow line takes its time with a long list, and has just one at a time.</summary>
    public const int BytesPerSecond = 1024 * 1024;

    // Of a session, a group or an event, without their texts.
    private const int Bare = 128;

    // As objects, which are there for as long as the answer is, free data takes several times what it takes as text.
    private const int Unfolded = 8;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly CallerBacklog _backlog = new(options.MaxUnreadBytesPerCaller, time);

    /// <summary>How much memory a group takes in an answer.</summary>
    /// <param name="group">The group.</param>
    /// <returns>About so many bytes.</returns>
    public static long SizeOf(GroupConfiguration group) => Bare + group.Id.Length + Length(group.Name) + Length(group.Description) + SizeOf(group.AdditionalData);

    /// <summary>How much memory a session takes in an answer.</summary>
    /// <param name="session">The session.</param>
    /// <returns>About so many bytes.</returns>
    public static long SizeOf(SessionView session) => Bare + session.Id.Length + Length(session.Name) + SizeOf(session.AdditionalData);

    /// <summary>How much memory free data takes in an answer.</summary>
    /// <param name="additionalData">The data.</param>
    /// <returns>About so many bytes.</returns>
    public static long SizeOf(string? additionalData) => (long)Unfolded * Length(additionalData);

    /// <summary>How much memory all of a group takes in an answer.</summary>
    /// <param name="group">The group.</param>
    /// <returns>About so many bytes.</returns>
    public static long SizeOf(GroupView group) => SizeOf(group.Configuration) + group.Sessions.Sum(SizeOf);

    /// <summary>How much memory events take in an answer.</summary>
    /// <param name="count">How many they are.</param>
    /// <returns>About so many bytes.</returns>
    public static long SizeOfEvents(int count) => 2L * Bare * count;

    /// <summary>An answer is about to be made. It counts until it is sent.</summary>
    /// <param name="http">The request.</param>
    /// <param name="bytes">How much memory it takes.</param>
    /// <returns>Completes when there is room for it.</returns>
    /// <exception cref="FailureException">Its caller does not read those that it has.</exception>
    public async ValueTask AddAsync(HttpContext http, long bytes)
    {
        if (await BeginAsync(http, bytes) is { } answer)
        {
            http.Response.OnCompleted(
                static state =>
                {
                    ((IDisposable)state).Dispose();
                    return Task.CompletedTask;
                },
                answer);
        }
    }

    /// <summary>A part of an answer is about to be made.</summary>
    /// <param name="http">The request.</param>
    /// <param name="bytes">How much memory it takes.</param>
    /// <returns>To be disposed of when it is sent, once there is room for it; null: it is too small to count.</returns>
    /// <exception cref="FailureException">Its caller does not read those that it has.</exception>
    public async ValueTask<IDisposable?> BeginAsync(HttpContext http, long bytes)
    {
        if (bytes <= Smallest)
        {
            return null;
        }

        var answer = new Answer(this, http);
        var within = options.AnswerTimeout + TimeSpan.FromSeconds(bytes / BytesPerSecond);
        for (var waited = TimeSpan.Zero; !_backlog.TryEnter(answer, CallerKey.Of(http), bytes, within); waited += Step)
        {
            if (waited == Patience)
            {
                meter.Refused(LimitMeter.Answers);
                throw new FailureException(TenantFailures.TooManyAnswers);
            }

            // Whoever asks for one after the other has read the last before it is known here.
            await Task.Delay(Step, time, http.RequestAborted);
        }

        return answer;
    }

    /// <inheritdoc/>
    public void Dispose() => _backlog.Dispose();

    private static int Length(string? text) => text?.Length ?? 0;

    private void Ended() => meter.Refused(LimitMeter.Answers);

    private void Leave(Answer answer) => _backlog.Leave(answer);

    private sealed class Answer(UnreadAnswers all, HttpContext http) : BacklogEntry, IDisposable
    {
        private readonly Lock _ending = new();
        private bool _isFinished;

        /// <inheritdoc/>
        public override void End(bool isLate)
        {
            // From when it has finished on, the web server may use the request's objects for another.
            lock (_ending)
            {
                if (_isFinished)
                {
                    return;
                }

                _isFinished = true;
                http.Abort();
            }

            all.Ended();
        }

        public void Dispose()
        {
            lock (_ending)
            {
                _isFinished = true;
            }

            all.Leave(this);
        }
    }
}
