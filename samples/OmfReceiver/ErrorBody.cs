namespace ClientFailover.Samples.OmfReceiver;

/// <summary>Why a message was refused, in the form that OMF endpoints answer with.</summary>
internal sealed record ErrorBody(string OperationId, IReadOnlyList<ErrorMessage> Messages)
{
    public static ErrorBody Of(string operation, string reason, DateTimeOffset time) => new(operation, [new ErrorMessage(0, time, "Error", reason)]);
}

/// <summary>One reason.</summary>
internal sealed record ErrorMessage(int MessageIndex, DateTimeOffset Time, string Severity, string Message);
