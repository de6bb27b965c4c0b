namespace ClientFailover.Service.Hosting;

/// <summary>
/// A reason why the service cannot start that the user can do something about. Its message goes to stderr as it is,
/// without a stack trace, and the process ends with <see cref="ExitCode"/>.
/// </summary>
/// <param name="exitCode">One of <see cref="ExitCodes"/>.</param>
/// <param name="message">What is wrong and what to do, in plain words.</param>
/// <param name="cause">What it comes from.</param>
internal sealed class StartupException(int exitCode, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>One of <see cref="ExitCodes"/>.</summary>
    public int ExitCode { get; } = exitCode;
}
