using ClientFailover.Service.Transport.Rest;

namespace ClientFailover.V1;

// The requests with documents.
internal sealed partial class SetConfigurationRequest : IDocument;

internal sealed partial class SetLoggingRequest : IDocument;

internal sealed partial class CreateHealthEndpointsRequest : IDocument;

internal sealed partial class ReplaceHealthEndpointsRequest : IDocument;

internal sealed partial class SetHealthEndpointRequest : IDocument;
